/**
 * Sums and maxima of vectors.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import type { Func, Local } from "../../wasm/function.ts";

/** The combination of two vectors. */
export interface Combine {
  /** Combines a total with a vector. */
  into(f: Func, total: Local, vector: Local): void;
  /** Whether combining with an element twice changes a total, as with sums. */
  readonly counts: boolean;
}

/** Sums. */
export const sums = (dtype: DType): Combine => ({
  into: (f, total, vector) =>
    f.get(total, vector).op(dtype === "f32" ? "f32x4.add" : "i32x4.add").set(total),
  counts: true,
});

/** Maxima; NaN if any element is. */
export const maxima = (dtype: DType): Combine => ({
  into(f, total, vector) {
    f.get(total, vector);
    // pmax keeps a total that is NaN, and ignores a vector that is: all ones, a NaN too, are ORed in.
    if (dtype === "f32") f.op("f32x4.pmax").get(vector, vector).op("f32x4.ne", "v128.or");
    else f.op(dtype === "i32" ? "i32x4.max_s" : "i32x4.max_u");
    f.set(total);
  },
  counts: false,
});

/** Combines vectors into the first, in pairs of neighbors. */
export function combineAll(f: Func, combine: Combine, totals: readonly Local[]) {
  for (let step = 1; step < totals.length; step *= 2) {
    for (let k = 0; k + step < totals.length; k += 2 * step) {
      combine.into(f, totals[k]!, totals[k + step]!);
    }
  }
}

/** Combines the lanes of a vector into its first: the first two with the last two, then these. */
export function combineLanes(f: Func, combine: Combine, total: Local) {
  const other = f.local("v128");
  f.get(total, total).shuffle(2, 3, 2, 3).set(other);
  combine.into(f, total, other);
  f.get(total, total).shuffle(1, 1, 1, 1).set(other);
  combine.into(f, total, other);
}

/** Combines the lanes of each of four vectors, as {@linkcode combineLanes} does, into lanes of the first. */
export function combineLanesOfFour(f: Func, combine: Combine, totals: readonly Local[]) {
  const [a, b, c, d] = totals as readonly [Local, Local, Local, Local];
  const pair = (x: Local, y: Local) => {
    const high = f.local("v128");
    f.get(x, y).shuffle(2, 6, 3, 7).set(high).get(x, y).shuffle(0, 4, 1, 5).set(x);
    combine.into(f, x, high);
  };
  pair(a, b);
  pair(c, d);
  f.get(a, c).shuffle(2, 3, 6, 7).set(b).get(a, c).shuffle(0, 1, 4, 5).set(a);
  combine.into(f, a, b);
}
