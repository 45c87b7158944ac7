/**
 * CaffeNet, the net of the paper's experiment on ImageNet and of its figure 2.
 *
 * @module
 */
import { conv, dense, dropout, flatten, type Layer, lrn, maxPool, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import type { Model, ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";
import { hasSmallStem, STEM, type StemOptions } from "./stem.ts";

/** Options of {@linkcode caffenet}. */
export interface CaffenetOptions extends ShrinkOptions, StemOptions {}

/** Overlapping pooling that keeps partial windows, as in Caffe. */
const pool = maxPool(3, { stride: 2, ceil: true });
const normalize = lrn({ size: 5, alpha: 1e-4, beta: 0.75, k: 1 });

/**
 * CaffeNet for images of any size from 39 × 39 on, 227 × 227 × 3 in the original: BVLC/caffe,
 * models/bvlc_reference_caffenet/train_val.prototxt, which is the net of Krizhevsky, Sutskever & Hinton,
 * "ImageNet Classification with Deep Convolutional Neural Networks" (2012) on one device, with pooling
 * before local response normalization. Convolutions 96 of 11 × 11, stride 4 | 256 of 5 × 5 in two groups |
 * 384, 384 in two groups, 256 in two groups of 3 × 3; overlapping pooling after each |, dense layers of 4096,
 * 4096 and the classes, with dropout of 0.5 after the first two. Biases start at 1 where the original's do:
 * in the layers with groups and the hidden dense layers. The original's activation is `relu`. 60,965,224
 * parameters with 1000 classes except with maxout.
 *
 * With `stem: "small"`, which is not the original's, the first convolution is 5 × 5 without a stride, for
 * images from 8 × 8 on.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 227, 227, 3], dtype: "f32" });
 * const params = models.caffenet({ classes: 1000 }).init(key(0), images);
 * console.assert(models.countParameters(params) === 60_965_224);
 * ```
 */
export function caffenet(options: CaffenetOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = CAFFENET.dropout } = options;
  const { after, pieces } = resolveActivation("caffenet", activation);
  const divide = divideChannels("caffenet", options), isSmall = hasSmallStem("caffenet", options);
  const drop: Layer[] = rate > 0 ? [dropout(rate)] : [];
  const convolution = (channels: number, size: number, groups = 1, stride = 1): Layer[] => {
    const padding = stride > 1 ? 0 : (size - 1) / 2, biasInit = groups === 2 ? 1 : 0;
    const grouped = pieces(2) > 1 ? { pieces: pieces(2) } : { groups };
    return [
      conv(divide(channels), size, { stride, padding, biasInit, init, ...grouped }),
      ...after,
    ];
  };
  const hidden = (): Layer[] => [
    dense(divide(4096), { biasInit: 1, pieces: pieces(2), init }),
    ...after,
    ...drop,
  ];
  return sequential(
    ...(isSmall ? convolution(96, 5) : convolution(96, 11, 1, 4)),
    pool,
    normalize,
    ...convolution(256, 5, 2),
    pool,
    normalize,
    ...convolution(384, 3),
    ...convolution(384, 3, 2),
    ...convolution(256, 3, 2),
    pool,
    flatten,
    ...hidden(),
    ...hidden(),
    dense(classes, { init }),
  );
}

/** The record of CaffeNet. */
export const CAFFENET = {
  create: caffenet,
  about: "Caffe's reference net for ImageNet",
  images: { height: 227, width: 227, channels: 3 },
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK, stem: STEM },
} as const satisfies ModelRecord;
