/**
 * ALL-CNN-C, a net of convolutions only, compared with in table 2 of the paper.
 *
 * @module
 */
import { conv, dropout, flatten, globalAvgPool, type Layer, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { COLOR_32, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

/** The input's dropout rate relative to that of hidden layers: 20 % for 50 %. */
const INPUT_SHARE = 0.4;

/**
 * ALL-CNN-C for images of any size from 9 × 9 on, 32 × 32 × 3 in the paper: Springenberg, Dosovitskiy, Brox
 * & Riedmiller, "Striving for Simplicity: The All Convolutional Net" (2015), tables 1 and 2. Convolutions
 * of 3 × 3 with 96, 96, 96 | 192, 192, 192 channels, the last of each block with stride 2 in place of
 * pooling; then one with 192 without padding; 1 × 1 convolutions with 192 channels and with one per class;
 * and global average pooling. 1,369,738 parameters with 10 classes unless with maxout. Dropout of 0.5 after
 * each block, and of 0.2 on the input; at another rate the input's is scaled in proportion. The original's
 * activation is `relu`, which is also applied after the last convolution.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.allCnn(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 1_369_738);
 * ```
 */
export function allCnn(options: ModelOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = ALL_CNN.dropout } = options;
  const { after, pieces } = resolveActivation("allCnn", activation);
  const drop = (rate: number): Layer[] => rate > 0 ? [dropout(rate)] : [];
  const convolution = (channels: number, size: number, padding: number, stride = 1): Layer[] => [
    conv(channels, size, { padding, stride, pieces: pieces(2), init }),
    ...after,
  ];
  return sequential(
    ...drop(INPUT_SHARE * rate),
    ...[96, 192].flatMap((channels) => [
      ...convolution(channels, 3, 1),
      ...convolution(channels, 3, 1),
      ...convolution(channels, 3, 1, 2),
      ...drop(rate),
    ]),
    ...convolution(192, 3, 0),
    ...convolution(192, 1, 0),
    ...convolution(classes, 1, 0),
    globalAvgPool,
    flatten,
  );
}

/** ALL-CNN-C by its name. */
export const ALL_CNN = {
  create: allCnn,
  about: "the all convolutional net of Springenberg et al.",
  images: COLOR_32,
  dropout: 0.5,
} as const satisfies ModelRecord;
