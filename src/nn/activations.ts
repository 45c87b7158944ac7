/**
 * Activations as layers.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import { type Layer, type NoParams, plain } from "./layer.ts";

/** max(0, x); the derivative at 0 is 0, as in Caffe and PyTorch. */
export const relu: Layer<NoParams> = plain("relu", (x) => ops.maximum(0, x));

/** x where x > 0, else slope · x. */
export const leakyRelu = (slope: number): Layer<NoParams> => leaky("leakyRelu", slope);

const leaky = (kind: string, slope: number): Layer<NoParams> =>
  plain(kind, (x) => ops.where(ops.greater(x, 0), x, ops.mul(x, slope)));

/** Very leaky relu, slope 0.333: Graham, "Spatially-sparse convolutional neural networks" (2014). */
export const vlrelu: Layer<NoParams> = leaky("vlrelu", 0.333);

/** The hyperbolic tangent. */
export const tanh: Layer<NoParams> = plain("tanh", ops.tanh);

/** 1 / (1 + e⁻ˣ). */
export const sigmoid: Layer<NoParams> = plain("sigmoid", ops.sigmoid);
