/**
 * The highway network of 19 layers on CIFAR, compared with in table 2 of the paper.
 *
 * @module
 */
import {
  conv,
  dense,
  dropout,
  flatten,
  globalAvgPool,
  type Layer,
  maxPool,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { highwayStages } from "./highway.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * The highway network of FitNet-4's shape for images of any size from 3 × 3 on, 32 × 32 × 3 in the paper:
 * "Highway 2" of Srivastava, Greff & Schmidhuber, "Training Very Deep Networks" (2015), table 1, as the
 * authors trained it (flukeskywalker/highway-networks,
 * examples/highways/cifar10-19layers/cifar10_network.prototxt). Stages of 32, 80 and 128 channels, each a
 * plain convolution of 3 × 3 and then 4, 5 and 5 highway layers, whose gates' biases start at -2; max pooling
 * between them; a 1 × 1 convolution of 100 channels, for CIFAR-10 too; global average pooling; and the
 * classifier. Dropout of 0.2 on the input, after each pooling and before the classifier. The original's
 * activation is `relu`. 2,256,838 parameters with 10 classes unless with maxout: the paper's 2.3 million.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.highway19(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 2_256_838);
 * ```
 */
export function highway19(options: ShrinkOptions = {}): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = HIGHWAY19.dropout } = options;
  const { after, pieces } = resolveActivation("highway19", activation);
  const divided = divideChannels("highway19", options);
  const drop: Layer[] = rate > 0 ? [dropout(rate)] : [];
  const halve = [maxPool(2, { ceil: true }), ...drop];
  const first = { size: 3, padding: 1 };
  return sequential(
    ...drop,
    ...highwayStages([
      { channels: divided(32), first, layers: 4, after: halve },
      { channels: divided(80), first, layers: 5, after: halve },
      { channels: divided(128), first, layers: 5, after: [] },
    ], { caller: "highway19", activation, init, transformBias: -2 }),
    conv(divided(100), 1, { pieces: pieces(2), init }),
    ...after,
    globalAvgPool,
    flatten,
    ...drop,
    dense(classes, { init }),
  );
}

/** The record of the highway network on CIFAR. */
export const HIGHWAY19 = {
  create: highway19,
  about: "the highway network of fitnet4's shape",
  images: COLOR_32,
  activation: "relu",
  dropout: 0.2,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
