/**
 * Straight-line vector code in terms of values: each operation leaves its result in a local of its own.
 *
 * @module
 */
import { type Features, multiplyAdd } from "./features.ts";
import type { Func, Local } from "./wasm/function.ts";
import type { PlainName } from "./wasm/opcodes.ts";

/** An operand: a local, or a number in all lanes. */
export type Value = Local | { readonly float: number } | { readonly integer: number };

/** A float in all lanes. */
export const float = (value: number): Value => ({ float: value });

/** An integer in all lanes. */
export const integer = (value: number): Value => ({ integer: value });

/** Appends operations on vectors to a function. */
export class VectorCode {
  readonly #f: Func;
  readonly #features: Features;

  constructor(f: Func, features: Features) {
    this.#f = f;
    this.#features = features;
  }

  /** Pushes operands. */
  #push(...values: readonly Value[]) {
    for (const value of values) {
      if (typeof value === "number") this.#f.get(value);
      else if ("float" in value) this.#f.floats(value.float);
      else this.#f.integers(value.integer);
    }
  }

  /** A new local with what is on the stack. */
  #pop(): Local {
    const local = this.#f.local("v128");
    this.#f.set(local);
    return local;
  }

  /** The result of an instruction. */
  op(name: PlainName, ...values: readonly Value[]): Local {
    this.#push(...values);
    this.#f.op(name);
    return this.#pop();
  }

  /** The result of a shift of each lane. */
  shift(name: "i32x4.shl" | "i32x4.shr_s" | "i32x4.shr_u", value: Value, by: number): Local {
    this.#push(value);
    this.#f.i32(by).op(name);
    return this.#pop();
  }

  /** a · b + c. */
  multiplyAdd(a: Value, b: Value, c: Value): Local {
    const [x, y, z] = [a, b, c].map((value) => () => this.#push(value)) as Operands;
    multiplyAdd(this.#f, this.#features, x, y, z);
    return this.#pop();
  }

  /** c - a · b. */
  multiplySubtract(a: Value, b: Value, c: Value): Local {
    if (this.#features.madd) return this.op("f32x4.relaxed_nmadd", a, b, c);
    return this.op("f32x4.sub", c, this.op("f32x4.mul", a, b));
  }

  /** A polynomial, highest coefficient first. */
  polynomial(x: Value, [first, ...others]: readonly [number, ...number[]]): Local {
    let total = float(first);
    for (const c of others) total = this.multiplyAdd(total, x, float(c));
    return total as Local;
  }

  /** Lanes of `a` where the mask is all ones, of `b` where it is all zeros. */
  select(mask: Value, a: Value, b: Value): Local {
    return this.op(selectName(this.#features), a, b, mask);
  }
}

type Operands = [() => void, () => void, () => void];

/** The instruction that picks lanes by a mask of all ones or all zeros. */
export const selectName = ({ madd }: Features): PlainName =>
  madd ? "i32x4.relaxed_laneselect" : "v128.bitselect";
