/**
 * Records vector code that is written as WebAssembly, in order to write the same as machine code: each
 * instruction with the values that it takes.
 *
 * @module
 */
import { floatBits } from "../../../host_data.ts";
import { Func, type Local } from "../wasm/function.ts";
import type { AccessName, PlainName, ValueType } from "../wasm/opcodes.ts";

/** Where a value is made: once a row, or for each vector. */
export type Segment = "row" | "vector";

/** A value: a vector of as many lanes as the processor's. */
export type TracedValue =
  & { readonly segment: Segment }
  & (
    /** Integers that grow by a step from lane to lane. */
    | { readonly kind: "constant"; readonly first: number; readonly step: number }
    /** A vector of the caller, all of whose lanes are equal. */
    | { readonly kind: "same"; readonly local: Local }
    /** Elements at a pointer of the caller; `spread` is one of them in all lanes. */
    | {
      readonly kind: "load";
      readonly at: Local;
      readonly offset: number;
      readonly spread: boolean;
    }
    /** An index of the caller in all lanes. */
    | { readonly kind: "index"; readonly at: Local }
    | {
      readonly kind: "op";
      readonly name: VectorOp;
      readonly args: readonly number[];
      /** The bits of a shift. */
      readonly by: number;
    }
  );

/** An operation on lanes. */
export type VectorOp = keyof typeof OPERANDS;

/** The operations that are recorded, with their numbers of vectors. */
const OPERANDS = {
  "i32x4.eq": 2,
  "i32x4.ne": 2,
  "i32x4.lt_s": 2,
  "i32x4.lt_u": 2,
  "i32x4.le_s": 2,
  "i32x4.le_u": 2,
  "f32x4.eq": 2,
  "f32x4.ne": 2,
  "f32x4.lt": 2,
  "f32x4.le": 2,
  "v128.and": 2,
  "v128.or": 2,
  "v128.xor": 2,
  "f32x4.floor": 1,
  "f32x4.sqrt": 1,
  "i32x4.shl": 1,
  "i32x4.shr_s": 1,
  "i32x4.shr_u": 1,
  "i32x4.add": 2,
  "i32x4.sub": 2,
  "i32x4.mul": 2,
  "i32x4.min_s": 2,
  "i32x4.min_u": 2,
  "i32x4.max_s": 2,
  "i32x4.max_u": 2,
  "f32x4.add": 2,
  "f32x4.sub": 2,
  "f32x4.mul": 2,
  "f32x4.div": 2,
  "f32x4.pmin": 2,
  "f32x4.pmax": 2,
  "f32x4.convert_i32x4_s": 1,
  "f32x4.convert_i32x4_u": 1,
  "f32x4.relaxed_madd": 3,
  "f32x4.relaxed_nmadd": 3,
  "i32x4.relaxed_laneselect": 3,
} as const;

/** What is thrown where code cannot be recorded. */
export class Untraceable extends Error {}

/** What is on the stack: a value, a local of the caller, or a number. */
type Entry =
  | { readonly value: number }
  | { readonly local: Local }
  | { readonly number: number };

/** Records vector code; throws {@linkcode Untraceable} at whatever else is written. */
export class Trace extends Func {
  /** The values, each after those that it takes. */
  readonly values: TracedValue[] = [];
  /** What is stored at pointers of the caller. */
  readonly stores: { readonly at: Local; readonly offset: number; readonly value: number }[] = [];
  /** What is recorded now. */
  segment: Segment = "row";
  readonly #known = new Map<string, number>();
  /** The contents of its own locals, which are negative. */
  readonly #own = new Map<Local, Entry>();
  readonly #stack: Entry[] = [];
  #locals = 0;

  constructor() {
    super([]);
  }

  #value(key: string, value: TracedValue): this {
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.#known.set(key, number);
    }
    this.#stack.push({ value: number });
    return this;
  }

  #pop(): Entry {
    const entry = this.#stack.pop();
    if (!entry) throw new Untraceable();
    return entry;
  }

  /** Pops a vector. */
  #vector(): number {
    const entry = this.#pop();
    if ("value" in entry) return entry.value;
    if (!("local" in entry)) throw new Untraceable();
    const { local } = entry;
    this.#value(`same ${local}`, { kind: "same", local, segment: this.segment });
    return this.#vector();
  }

  /** Pops a local of the caller. */
  #pointer(): Local {
    const entry = this.#pop();
    if (!("local" in entry)) throw new Untraceable();
    return entry.local;
  }

  override local(_: ValueType): Local {
    return -++this.#locals;
  }

  override base(): Local {
    throw new Untraceable();
  }

  override get(...locals: readonly Local[]): this {
    for (const local of locals) this.#stack.push(this.#own.get(local) ?? { local });
    return this;
  }

  override set(local: Local): this {
    if (local >= 0) throw new Untraceable();
    this.#own.set(local, this.#pop());
    return this;
  }

  override tee(local: Local): this {
    return this.set(local).get(local);
  }

  override i32(number: number): this {
    this.#stack.push({ number });
    return this;
  }

  override vector(...words: readonly [number, number, number, number]): this {
    const [first, second] = words, step = second - first | 0;
    if (words.some((word, lane) => (word - first - lane * step | 0) !== 0)) throw new Untraceable();
    const { segment } = this;
    return this.#value(`constant ${first} ${step}`, { kind: "constant", first, step, segment });
  }

  override access(name: AccessName, offset = 0): this {
    const { segment } = this;
    if (name === "v128.store") {
      const value = this.#vector();
      this.stores.push({ at: this.#pointer(), offset, value });
      return this;
    }
    const spread = name === "v128.load32_splat";
    if (!spread && name !== "v128.load" || spread !== (segment === "row")) throw new Untraceable();
    const at = this.#pointer();
    return this.#value(`load ${at} ${offset} ${segment}`, {
      kind: "load",
      at,
      offset,
      spread,
      segment,
    });
  }

  override op(...names: readonly PlainName[]): this {
    for (const name of names) this.#op(name);
    return this;
  }

  #op(name: PlainName) {
    switch (name) {
      case "i32x4.splat": {
        const at = this.#pointer(), { segment } = this;
        return this.#value(`index ${at} ${segment}`, { kind: "index", at, segment });
      }
      case "f32x4.gt":
      case "f32x4.ge": {
        const b = this.#vector(), a = this.#vector();
        return this.#record(name === "f32x4.gt" ? "f32x4.lt" : "f32x4.le", [b, a]);
      }
      case "f32x4.neg":
        return this.integers(0x80000000).op("v128.xor");
      case "f32x4.abs":
        return this.integers(0x7fffffff).op("v128.and");
      case "v128.bitselect":
        return this.op("i32x4.relaxed_laneselect");
      case "i32x4.shl":
      case "i32x4.shr_s":
      case "i32x4.shr_u": {
        const by = this.#pop();
        if (!("number" in by)) throw new Untraceable();
        return this.#record(name, [this.#vector()], by.number);
      }
      case "i32x4.neg": {
        const x = this.#vector(), zero = this.integers(0).#vector();
        return this.#record("i32x4.sub", [zero, x]);
      }
    }
    if (!(name in OPERANDS)) throw new Untraceable();
    const op = name as VectorOp;
    const args = Array.from({ length: OPERANDS[op] }, () => this.#vector()).reverse();
    return this.#record(op, args);
  }

  #record(name: VectorOp, args: readonly number[], by = 0): this {
    const { segment } = this;
    return this.#value(`${name} ${args} ${by}`, { kind: "op", name, args, by, segment });
  }

  override floats(value: number): this {
    return this.integers(floatBits(value));
  }

  override f64(): this {
    throw new Untraceable();
  }

  override lane(): this {
    throw new Untraceable();
  }

  override spread(): this {
    throw new Untraceable();
  }

  override loadLane(): this {
    throw new Untraceable();
  }

  override storeLane(): this {
    throw new Untraceable();
  }

  override storeHalf(): this {
    throw new Untraceable();
  }

  override shuffle(): this {
    throw new Untraceable();
  }

  override block(): this {
    throw new Untraceable();
  }

  override loop(): this {
    throw new Untraceable();
  }

  override when(): this {
    throw new Untraceable();
  }

  override call(): this {
    throw new Untraceable();
  }

  override global(): this {
    throw new Untraceable();
  }
}
