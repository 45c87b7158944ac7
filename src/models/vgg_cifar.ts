/**
 * The VGG-like net for CIFAR, with batch normalization and without, of the second experiment with LSUV in
 * Torch.
 *
 * @module
 */
import { conv, dense, dropout, flatten, type Layer, maxPool, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { BATCHNORM, type BatchnormOptions, hasBatchnorm, normalizedBy } from "./batchnorm.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** Options of {@linkcode vggCifar}. */
export interface VggCifarOptions extends ShrinkOptions, BatchnormOptions {}

/** The channels of the blocks' convolutions, each block before a pooling. */
const BLOCKS = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

/** The dropout rates relative to the classifier's: 0.3 in the first block, 0.4 in the others, for 0.5. */
const FIRST_SHARE = 0.6, INNER_SHARE = 0.8;

/**
 * The VGG-like net for images of any size, 32 × 32 × 3 in the original: szagoruyko/cifar.torch,
 * models/vgg_bn_drop.lua, with batch normalization; and without it (`batchnorm: "no"`) as it was trained
 * from LSUV, yobibyte/torch-lsuv: cifar.torch/models/vgg_nobn_drop.lua. Convolutions of 3 × 3 with 64, 64 |
 * 128, 128 | 256 × 3 | 512 × 3 | 512 × 3 channels, pooling that keeps partial windows after each block, a
 * dense layer of 512 and the classifier. Dropout of 0.3 after the first convolution, 0.4 after all others
 * but the last of a block, and 0.5 before both dense layers; at another rate the others change in
 * proportion. The original's activation is `relu`. 14,991,946 trained parameters with 10 classes, 14,982,474
 * without batch normalization, except with maxout; its sources give none. Its dropout multiplies variances by
 * about 200 in all, so that without batch normalization LSUV should have it on, as in the original. With batch
 * normalization the running variances are those of training, with dropout, and up to a quarter larger than
 * without it, which costs accuracy where a net has trained little; {@linkcode calibrate} replaces them.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.vggCifar({ batchnorm: "no" });
 * const images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 14_982_474);
 * ```
 */
export function vggCifar(options: VggCifarOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = VGG_CIFAR.dropout } = options;
  const { after, pieces } = resolveActivation("vggCifar", activation);
  const divide = divideChannels("vggCifar", options);
  const has = hasBatchnorm("vggCifar", options, VGG_CIFAR.options.batchnorm.default);
  const drop = (share = 1): Layer[] => rate > 0 ? [dropout(share * rate)] : [];
  const weights = { pieces: pieces(2), init };
  const blocks = BLOCKS.flatMap((channels, block) => [
    ...channels.flatMap((n, i) => [
      conv(divide(n), 3, { padding: 1, ...weights }),
      ...normalizedBy(has, 1e-3),
      ...after,
      ...(i < channels.length - 1 ? drop(block === 0 ? FIRST_SHARE : INNER_SHARE) : []),
    ]),
    maxPool(2, { ceil: true }),
  ]);
  return sequential(
    ...blocks,
    flatten,
    ...drop(),
    dense(divide(512), weights),
    ...normalizedBy(has),
    ...after,
    ...drop(),
    dense(classes, { init }),
  );
}

/** The record of the VGG-like net. */
export const VGG_CIFAR = {
  create: vggCifar,
  about: "a VGG-like net for CIFAR",
  images: COLOR_32,
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK, batchnorm: { ...BATCHNORM, default: "yes" } },
} as const satisfies ModelRecord;
