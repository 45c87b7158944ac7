/**
 * How far results are from exact ones.
 *
 * @module
 */
import type { Data } from "../../../src/tensor.ts";

/** The largest difference, as a share of the root of the mean square of the exact values. */
export function distance(found: Data, exact: Float64Array): number {
  let square = 0, worst = 0;
  exact.forEach((v, i) => {
    square += v * v;
    worst = Math.max(worst, Math.abs(found[i]! - v));
  });
  return worst / Math.sqrt(square / exact.length);
}
