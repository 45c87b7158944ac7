/**
 * The parameters of normalizations: a factor and an offset for each feature.
 *
 * @module
 */
import { constant } from "../../ops/mod.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { NoParams } from "../layer.ts";

/** The factors and offsets of a normalization, at first 1 and 0. */
export type ScaleAndShift = { readonly scale: Tensor; readonly b: Tensor };

/** The parameters of a normalization: factors and offsets, or none if `affine` is false. */
export type AffineOf<A extends boolean> = A extends false ? NoParams : ScaleAndShift;

/** Options of every normalization. */
export interface NormOptions<A extends boolean = boolean> {
  /** Added to the variance; 1e-5 if left out, as in PyTorch. */
  readonly epsilon?: number;
  /** Whether a factor and an offset follow, `scale` and `b`, which are learned; true if left out. */
  readonly affine?: A;
}

/** Factors of 1 and offsets of 0, or no parameters. */
export const initialAffine = (affine: boolean, shape: Shape): AffineOf<boolean> =>
  affine ? { scale: constant(1, shape), b: constant(0, shape) } : [];

/** The factors and offsets among parameters; none if there are no parameters. */
export const affineIn = (params: AffineOf<boolean>): Partial<ScaleAndShift> =>
  "scale" in params ? params : {};

/** Throws RangeError unless `epsilon` is a number of at least 0. */
export function checkEpsilon(kind: string, epsilon: number): void {
  if (epsilon >= 0 && epsilon < Infinity) return;
  throw new RangeError(`${kind}: expected epsilon of at least 0, found ${epsilon}`);
}
