/**
 * How far results are from exact ones.
 *
 * @module
 */
import type { Data } from "../../../src/host_data.ts";

/** The largest difference, as a share of the root of the mean square of the exact values. */
export function distance(found: Data, exact: Float64Array): number {
  let square = 0, worst = 0;
  exact.forEach((v, i) => {
    square += v * v;
    worst = Math.max(worst, Math.abs(found[i]! - v));
  });
  return worst / Math.sqrt(square / exact.length);
}

/** The norm of a difference as a share of the exact values' norm; the norm itself where they are zeros. */
export function relative(found: ArrayLike<number>, exact: ArrayLike<number>): number {
  let off = 0, all = 0;
  for (let i = 0; i < exact.length; i++) {
    off += (found[i]! - exact[i]!) ** 2;
    all += exact[i]! ** 2;
  }
  return Math.sqrt(all === 0 ? off : off / all);
}
