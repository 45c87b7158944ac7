/**
 * Layers of convolutions over sequences, and of transposed ones.
 *
 * @module
 */
import { conv1d as convolve1d, type Conv1dOptions } from "../ops/mod.ts";
import { convTranspose1d as transpose1d, type ConvTranspose1dOptions } from "../ops/mod.ts";
import { check1dOptions } from "../ops/conv1d.ts";
import { convLayer, transposeWeights } from "./conv_layer.ts";
import type { Layer, Unit } from "./layer.ts";
import type { WeightOptions, WeightsOf } from "./weights.ts";

/** The inputs of these layers. */
const SEQUENCES = "sequences [batch, length, channels]";

/**
 * A 1-D convolution with biases, unless `bias: false` leaves them out: [batch, length, in] → [batch, length',
 * channels]. Weights are [size, in / groups, pieces · channels]; each maxout piece is a convolution of so
 * many groups.
 *
 * @param channels Output channels, per maxout piece.
 * @param size Length of the window.
 * @throws RangeError on an option or an input that it cannot have: one that is not f32 sequences with the
 * channels of its weights.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const layer = nn.conv1d(16, 9, { padding: "same", dilation: 2 });
 * const x = placeholder({ shape: [8, 100, 3], dtype: "f32" });
 * console.assert(layer(layer.init(key(0), x), x).shape.join() === "8,100,16");
 * ```
 */
export function conv1d<B extends boolean = true>(
  channels: number,
  size: number,
  options: Conv1dOptions & WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride, padding, dilation, groups = 1 } = options;
  check1dOptions("conv1d", options);
  return convLayer({
    kind: "conv1d",
    inputs: SEQUENCES,
    channels,
    size: [size],
    groups,
    convolve: (x, w) => convolve1d(x, w, { stride, padding, dilation, groups }),
  }, options);
}

/**
 * A transposed 1-D convolution with biases, unless `bias: false` leaves them out: [batch, length, in] →
 * [batch, length', channels], of the sizes of `ops.convTranspose1d`. Weights are [size, in / groups, pieces ·
 * channels].
 *
 * @param channels Output channels, per maxout piece.
 * @param size Length of the window.
 * @throws RangeError on an option or an input that it cannot have, as `conv1d` does.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const double = nn.convTranspose1d(16, 4, { stride: 2, padding: 1 });
 * const x = placeholder({ shape: [8, 50, 32], dtype: "f32" });
 * console.assert(double(double.init(key(0), x), x).shape.join() === "8,100,16");
 * ```
 */
export function convTranspose1d<B extends boolean = true>(
  channels: number,
  size: number,
  options: ConvTranspose1dOptions & WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride = 1, padding, outputPadding, dilation, groups = 1 } = options;
  check1dOptions("convTranspose1d", options);
  return convLayer({
    kind: "convTranspose1d",
    inputs: SEQUENCES,
    channels,
    size: [size],
    groups,
    upsampling: stride,
    convolve: (x, w) =>
      transpose1d(x, transposeWeights(w, groups), {
        stride,
        padding,
        outputPadding,
        dilation,
        groups,
      }),
  }, options);
}
