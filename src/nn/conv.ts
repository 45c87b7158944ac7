/**
 * The convolution layer.
 *
 * @module
 */
import { conv2d, type ConvOptions } from "../ops/mod.ts";
import { showSpec, type Spec } from "../spec.ts";
import { checkInput, checkLeast } from "./check.ts";
import type { Layer, Unit } from "./layer.ts";
import { weightLayer, type WeightOptions, type WeightsOf } from "./weights.ts";

/**
 * A 2-D convolution with biases, unless `bias: false` leaves them out: [batch, height, width, in] → [batch,
 * height', width', channels]. Weights are [size, size, in / groups, pieces · channels].
 *
 * @param channels Output channels, per maxout piece.
 * @param size Height and width of the window, in pixels.
 * @throws RangeError on an input that is not f32 images with the channels of its weights, and on `groups`
 * together with `pieces`.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const maxout = nn.conv(32, 3, { padding: 1, pieces: 2 });
 * const images = placeholder({ shape: [8, 28, 28, 1], dtype: "f32" });
 * const y = maxout(maxout.init(key(0), images), images);
 * console.assert(y.shape.join() === "8,28,28,32");
 * ```
 */
export function conv<B extends boolean = true>(
  channels: number,
  size: number,
  options: ConvOptions & WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  const { stride, padding, groups = 1, pieces = 1 } = options;
  checkLeast("conv", "channels", channels);
  checkLeast("conv", "size", size);
  checkLeast("conv", "groups", groups);
  if (groups > 1 && pieces > 1) {
    throw new RangeError(
      `conv: expected maxout pieces or groups, not both, found pieces ${pieces}, groups ${groups}`,
    );
  }
  const checkImages = (x: Spec) =>
    checkInput("conv", x, 4, "f32 images [batch, height, width, channels]");
  return weightLayer("conv", options, (x) => {
    checkImages(x);
    const groupIn = x.shape[3]! / groups;
    if (!Number.isInteger(groupIn) || channels % groups !== 0) {
      throw new RangeError(
        `conv: expected channels that ${groups} groups divide, found ${channels} for ${
          showSpec(x)
        }`,
      );
    }
    return {
      shape: [size, size, groupIn, channels],
      fanIn: size * size * groupIn,
      fanOut: size * size * channels,
      groups,
    };
  }, (x, w) => {
    checkImages(x);
    if (w.rank !== 4 || x.shape[3] !== w.shape[2]! * groups) {
      throw new RangeError(
        `conv: expected images of ${w.shape[2]! * groups} channels, as its weights ${
          showSpec(w)
        } are for, found ${showSpec(x)}`,
      );
    }
    return conv2d(x, w, { stride, padding, groups });
  });
}
