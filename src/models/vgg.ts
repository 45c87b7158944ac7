/**
 * The VGG nets of 16 and 19 layers, which the paper names among the very deep nets that are hard to train.
 *
 * @module
 */
import { conv, dense, dropout, flatten, type Layer, maxPool, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import type { Model, ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** The channels of the blocks, each before a pooling. */
const CHANNELS = [64, 128, 256, 512, 512];

/** A VGG net with some convolutions in each block. */
function vgg(caller: string, convolutions: readonly number[], options: ShrinkOptions): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = VGG16.dropout } = options;
  const divide = divideChannels(caller, options);
  const { after, pieces } = resolveActivation(caller, activation);
  const drop: Layer[] = rate > 0 ? [dropout(rate)] : [];
  const weights = { pieces: pieces(2), init };
  const hidden = (): Layer[] => [dense(divide(4096), weights), ...after, ...drop];
  return sequential(
    ...convolutions.flatMap((times, block) => [
      ...Array.from({ length: times }, () => [
        conv(divide(CHANNELS[block]!), 3, { padding: 1, ...weights }),
        ...after,
      ]).flat(),
      maxPool(2),
    ]),
    flatten,
    ...hidden(),
    ...hidden(),
    dense(classes, { init }),
  );
}

/**
 * VGG-16 for images of any size from 32 × 32 on, 224 × 224 × 3 in the paper: Simonyan & Zisserman, "Very
 * Deep Convolutional Networks for Large-Scale Image Recognition" (2015), table 1, configuration D.
 * Convolutions of 3 × 3 in blocks of 64, 64 | 128, 128 | 256 × 3 | 512 × 3 | 512 × 3 channels, with pooling
 * after each; dense layers of 4096, 4096 and the classes, with dropout of 0.5 after the first two. The
 * original's activation is `relu`. With 1000 classes 138,357,544 parameters except with maxout; 138 millions
 * in the paper's table 2.
 *
 * @throws RangeError on a divisor of channels that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 224, 224, 3], dtype: "f32" });
 * const params = models.vgg16({ classes: 1000 }).init(key(0), images);
 * console.assert(models.countParameters(params) === 138_357_544);
 * ```
 */
export const vgg16 = (options: ShrinkOptions = {}): Model => vgg("vgg16", [2, 2, 3, 3, 3], options);

/**
 * VGG-19, configuration E of Simonyan & Zisserman's table 1: {@linkcode vgg16} with a fourth convolution in
 * each of the last three blocks. With 1000 classes 143,667,240 parameters except with maxout; 144 millions
 * in the paper's table 2.
 *
 * @throws RangeError on a divisor of channels that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 224, 224, 3], dtype: "f32" });
 * const params = models.vgg19({ classes: 1000 }).init(key(0), images);
 * console.assert(models.countParameters(params) === 143_667_240);
 * ```
 */
export const vgg19 = (options: ShrinkOptions = {}): Model => vgg("vgg19", [2, 2, 4, 4, 4], options);

/** The record of VGG-16. */
export const VGG16 = {
  create: vgg16,
  about: "the net of 16 layers of Simonyan & Zisserman",
  images: { height: 224, width: 224, channels: 3 },
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;

/** The record of VGG-19. */
export const VGG19 = {
  ...VGG16,
  create: vgg19,
  about: "the net of 19 layers of Simonyan & Zisserman",
} as const satisfies ModelRecord;
