/**
 * Layers of convolutions over images, and of transposed ones.
 *
 * @module
 */
import { conv2d, type ConvOptions, convTranspose2d } from "../ops/mod.ts";
import type { ConvTransposeOptions, PerAxis } from "../ops/mod.ts";
import { checkConvOptions, perAxis } from "../ops/conv_options.ts";
import { convLayer, transposeWeights } from "./conv_layer.ts";
import type { Layer, Unit } from "./layer.ts";
import type { WeightOptions, WeightsOf } from "./weights.ts";

/** The inputs of these layers. */
const IMAGES = "images [batch, height, width, channels]";

/**
 * A 2-D convolution with biases, unless `bias: false` leaves them out: [batch, height, width, in] → [batch,
 * height', width', channels]. Weights are [height, width, in / groups, pieces · channels]. Each maxout piece
 * is a convolution of so many groups.
 *
 * @param channels Output channels, per maxout piece.
 * @param size Height and width of the window, in pixels, or [height, width].
 * @throws RangeError on an option or an input that it cannot have: one that is not f32 images with the
 * channels of its weights.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const maxout = nn.conv(32, 3, { padding: 1, pieces: 2 });
 * const images = placeholder({ shape: [8, 28, 28, 1], dtype: "f32" });
 * const y = maxout(maxout.init(key(0), images), images);
 * console.assert(y.shape.join() === "8,28,28,32");
 *
 * const depthwise = nn.conv(32, [3, 5], { padding: "same", groups: 32, stride: [2, 1] });
 * console.assert(depthwise(depthwise.init(key(0), y), y).shape.join() === "8,14,28,32");
 * ```
 */
export function conv<B extends boolean = true>(
  channels: number,
  size: PerAxis,
  options: ConvOptions & WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride, padding, dilation, groups = 1 } = options;
  checkConvOptions("conv", options);
  return convLayer({
    kind: "conv",
    inputs: IMAGES,
    channels,
    size: perAxis(size),
    groups,
    convolve: (x, w) => conv2d(x, w, { stride, padding, dilation, groups }),
  }, options);
}

/**
 * A transposed 2-D convolution with biases, unless `bias: false` leaves them out: [batch, height, width, in]
 * → [batch, height', width', channels], of the sizes of `ops.convTranspose2d`. Weights are [height, width,
 * in / groups, pieces · channels], as those of every layer, and so PyTorch's [in, channels, height, width]
 * with its axes in the order 2, 3, 0, 1 (one group).
 *
 * Its fan-in is the products of one output on average: those of a window divided by the pixels that the
 * stride makes of one.
 *
 * @param channels Output channels, per maxout piece.
 * @param size Height and width of the window, in pixels, or [height, width].
 * @throws RangeError on an option or an input that it cannot have, as `conv` does.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const double = nn.convTranspose(16, 4, { stride: 2, padding: 1 });
 * const images = placeholder({ shape: [8, 7, 7, 32], dtype: "f32" });
 * console.assert(double(double.init(key(0), images), images).shape.join() === "8,14,14,16");
 * ```
 */
export function convTranspose<B extends boolean = true>(
  channels: number,
  size: PerAxis,
  options: ConvTransposeOptions & WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride = 1, padding, outputPadding, dilation, groups = 1 } = options;
  checkConvOptions("convTranspose", options);
  const [vertical, horizontal] = perAxis(stride);
  return convLayer({
    kind: "convTranspose",
    inputs: IMAGES,
    channels,
    size: perAxis(size),
    groups,
    upsampling: vertical * horizontal,
    convolve: (x, w) =>
      convTranspose2d(x, transposeWeights(w, groups), {
        stride,
        padding,
        outputPadding,
        dilation,
        groups,
      }),
  }, options);
}
