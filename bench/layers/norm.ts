/**
 * Batch normalization of the batch alone, without running statistics, as a user writes it with the library.
 *
 * @module
 */
import * as g from "../../mod.ts";
import { moments, standardize } from "../../src/nn/normalization/standardize.ts";

const { constant } = g.ops;

/** The factors and offsets of a normalization, by channel. */
export interface Affine extends Readonly<Record<string, g.Tensor>> {
  readonly gamma: g.Tensor;
  readonly beta: g.Tensor;
}

const EPSILON = 1e-5;

const affine = (_: g.Key, { shape }: g.Spec): Affine => {
  const channels = shape.slice(-1);
  return { gamma: constant(1, channels), beta: constant(0, channels) };
};

/** Batch normalization with the statistics of the batch, over every axis but the channels. */
export const batchNorm: g.Layer<Affine> = g.nn.layer<Affine>(
  "batchNorm",
  affine,
  ({ gamma, beta }, x) => {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    return standardize(x, moments(x, axes), EPSILON, { scale: gamma, b: beta });
  },
);
