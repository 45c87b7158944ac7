/**
 * Arithmetic on vectors of which Winograd's transforms are made.
 *
 * @module
 */
import type { Func, Local } from "../../../wasm/function.ts";
import { type Features, multiplyAdd } from "../../../features.ts";

/** A value: one local for each vector that is processed together. */
export type Value = readonly Local[];

/** Arithmetic on values. */
export interface Arithmetic {
  /** a + by·b. */
  sum(a: Value, b: Value, by?: number): Value;
  /** by·a. */
  scaled(a: Value, by: number): Value;
}

/** Emits arithmetic on values, each result in new locals. */
export class VectorArithmetic implements Arithmetic {
  readonly #f: Func;
  readonly #features: Features;

  constructor(f: Func, features: Features) {
    this.#f = f;
    this.#features = features;
  }

  sum(a: Value, b: Value, by = 1): Value {
    const f = this.#f, out = f.locals("v128", a.length);
    out.forEach((to, v) => {
      if (by === 1) f.get(a[v]!, b[v]!).op("f32x4.add");
      else if (by === -1) f.get(a[v]!, b[v]!).op("f32x4.sub");
      else {
        const factor = () => f.floats(by);
        multiplyAdd(f, this.#features, () => f.get(b[v]!), factor, () => f.get(a[v]!));
      }
      f.set(to);
    });
    return out;
  }

  scaled(a: Value, by: number): Value {
    if (by === 1) return a;
    const f = this.#f, out = f.locals("v128", a.length);
    out.forEach((to, v) => f.get(a[v]!).floats(by).op("f32x4.mul").set(to));
    return out;
  }
}

/** A linear map of a few values. */
export interface Transform {
  readonly from: number;
  readonly to: number;
  apply(on: Arithmetic, x: readonly Value[]): Value[];
}
