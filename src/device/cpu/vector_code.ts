/**
 * Straight-line vector code in terms of values, for several vectors at once: each operation is written for
 * all of them before the next one, so that they share what it reads, and an engine can fuse them. Each
 * result is in a local of its own.
 *
 * @module
 */
import { type Features, multiplyAdd } from "./features.ts";
import type { Func, Local } from "./wasm/function.ts";
import type { PlainName } from "./wasm/opcodes.ts";

/** A local of each vector. */
export type Vectors = readonly Local[];

/** An operand: of each vector, or a number in all lanes of all. */
export type Value = Vectors | { readonly float: number } | { readonly integer: number };

/** A float in all lanes. */
export const float = (value: number): Value => ({ float: value });

/** An integer in all lanes. */
export const integer = (value: number): Value => ({ integer: value });

/** Appends operations on vectors to a function. */
export class VectorCode {
  readonly #f: Func;
  readonly #features: Features;
  readonly #count: number;

  /** @param count The number of vectors. */
  constructor(f: Func, features: Features, count: number) {
    this.#f = f;
    this.#features = features;
    this.#count = count;
  }

  /** Pushes operands of a vector. */
  #push(vector: number, ...values: readonly Value[]) {
    for (const value of values) {
      if ("float" in value) this.#f.floats(value.float);
      else if ("integer" in value) this.#f.integers(value.integer);
      else this.#f.get(value[vector]!);
    }
  }

  /** New locals with what is pushed for each vector. */
  #each(push: (vector: number) => void): Vectors {
    return Array.from({ length: this.#count }, (_, vector) => {
      const local = this.#f.local("v128");
      push(vector);
      this.#f.set(local);
      return local;
    });
  }

  /** The result of an instruction. */
  op(name: PlainName, ...values: readonly Value[]): Vectors {
    return this.#each((vector) => {
      this.#push(vector, ...values);
      this.#f.op(name);
    });
  }

  /** The result of a shift of each lane. */
  shift(name: "i32x4.shl" | "i32x4.shr_s" | "i32x4.shr_u", value: Value, by: number): Vectors {
    return this.#each((vector) => {
      this.#push(vector, value);
      this.#f.i32(by).op(name);
    });
  }

  /** a · b + c. */
  multiplyAdd(a: Value, b: Value, c: Value): Vectors {
    return this.#each((vector) => {
      const push = (value: Value) => () => this.#push(vector, value);
      multiplyAdd(this.#f, this.#features, push(a), push(b), push(c));
    });
  }

  /** c - a · b. */
  multiplySubtract(a: Value, b: Value, c: Value): Vectors {
    if (this.#features.madd) return this.op("f32x4.relaxed_nmadd", a, b, c);
    return this.op("f32x4.sub", c, this.op("f32x4.mul", a, b));
  }

  /** A polynomial, highest coefficient first. */
  polynomial(x: Value, [first, ...others]: readonly [number, ...number[]]): Vectors {
    let total = float(first);
    for (const c of others) total = this.multiplyAdd(total, x, float(c));
    return total as Vectors;
  }

  /** Lanes of `a` where the mask is all ones, of `b` where it is all zeros. */
  select(mask: Value, a: Value, b: Value): Vectors {
    return this.op(selectName(this.#features), a, b, mask);
  }
}

/** The instruction that picks lanes by a mask of all ones or all zeros. */
export const selectName = ({ madd }: Features): PlainName =>
  madd ? "i32x4.relaxed_laneselect" : "v128.bitselect";
