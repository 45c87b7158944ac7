/**
 * What the normalizations share: subtract a mean, divide by a standard deviation, then scale and shift.
 *
 * @module
 */
import { add, div, mean, mul, sqrt, sub, variance } from "../../ops/mod.ts";
import type { Axes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** Means and population variances, each of a shape that broadcasts to what they are of. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The mean and the population variance over axes, which are kept with size 1. */
export const moments = (x: Tensor, axes: Axes): Moments => ({
  mean: mean(x, axes, { keep: true }),
  variance: variance(x, axes, { keep: true }),
});

/** Factors and offsets after the division by the standard deviation; each 1 or 0 if left out. */
export interface Affine {
  readonly scale?: Tensor | undefined;
  readonly b?: Tensor | undefined;
}

/**
 * (x - mean) / √(variance + epsilon) · scale + b. Gradients flow through the moments where they depend on x.
 *
 * @param epsilon Added to the variance, so that constant inputs give b.
 */
export function standardize(
  x: Tensor,
  { mean, variance }: Moments,
  epsilon: number,
  { scale, b }: Affine = {},
): Tensor {
  const centered = sub(x, mean), deviation = sqrt(add(variance, epsilon));
  const standard = mul(centered, div(1, deviation));
  const scaled = scale ? mul(standard, scale) : standard;
  return b ? add(scaled, b) : scaled;
}
