/**
 * Depthwise convolutions.
 *
 * @module
 */
import { conv2d, type ConvOptions, type PerAxis } from "../ops/mod.ts";
import { checkConvOptions, perAxis } from "../ops/conv_options.ts";
import { showSpec, type Spec } from "../spec.ts";
import { checkInput, checkLeast } from "./check.ts";
import type { Layer, Unit } from "./layer.ts";
import { weightLayer, type WeightOptions, type WeightsOf } from "./weights.ts";

/** Options of {@linkcode depthwiseConv}. */
export interface DepthwiseOptions<B extends boolean = boolean>
  extends Omit<ConvOptions, "groups">, Omit<WeightOptions<B>, "pieces"> {
  /** Output channels for each input channel; 1 if left out. */
  readonly multiplier?: number;
}

/**
 * A depthwise convolution: each channel of [batch, height, width, channels] by `multiplier` windows of its own.
 * It is `conv` of as many groups as its input has channels, which need not be written. Weights are [height,
 * width, 1, channels · multiplier]. With a `conv` of 1 × 1 after it, it is a separable convolution.
 *
 * @param size Height and width of the window, in pixels, or [height, width].
 * @throws RangeError on an option or an input that it cannot have.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder, sequential } from "@goodinit/goodinit";
 *
 * const separable = sequential(nn.depthwiseConv(3, { padding: 1 }), nn.conv(64, 1));
 * const images = placeholder({ shape: [8, 28, 28, 32], dtype: "f32" });
 * const params = separable.init(key(0), images);
 * console.assert(params[0].w.shape.join() === "3,3,1,32");
 * console.assert(separable(params, images).shape.join() === "8,28,28,64");
 * ```
 */
export function depthwiseConv<B extends boolean = true>(
  size: PerAxis,
  options: DepthwiseOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride, padding, dilation, multiplier = 1 } = options, window = perAxis(size);
  checkLeast("depthwiseConv", "multiplier", multiplier);
  for (const taps of window) checkLeast("depthwiseConv", "size", taps);
  checkConvOptions("depthwiseConv", options);
  const check = (x: Spec) =>
    checkInput("depthwiseConv", x, 4, "f32 images [batch, height, width, channels]");
  return weightLayer("depthwiseConv", options as WeightOptions<B>, (x) => {
    check(x);
    const channels = x.shape[3]!, taps = window[0] * window[1];
    return {
      shape: [...window, 1, channels * multiplier],
      fanIn: taps,
      fanOut: taps * multiplier,
      groups: channels,
    };
  }, (x, w) => {
    check(x);
    const channels = x.shape[3]!;
    if (w.shape[3] === channels * multiplier) {
      return conv2d(x, w, { stride, padding, dilation, groups: channels });
    }
    throw new RangeError(
      `depthwiseConv: expected images of ${w.shape[3]! / multiplier} channels, as its weights ${
        showSpec(w)
      } are for, found ${showSpec(x)}`,
    );
  });
}
