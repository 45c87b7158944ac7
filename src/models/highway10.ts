/**
 * The highway network of 10 layers on MNIST, compared with in table 2 of the paper.
 *
 * @module
 */
import { dense, dropout, flatten, type Layer, maxPool, sequential } from "../nn/mod.ts";
import { highwayStages } from "./highway.ts";
import { GRAY_28, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** The dropout rates after each pooling relative to the last, 0.5; the first is the input's. */
const SHARES = { input: 0.4, pools: [0.6, 0.8, 1] } as const;

/**
 * The highway network of Srivastava, Greff & Schmidhuber, "Training Very Deep Networks" (2015), section 3.2,
 * for images of any size from 12 × 12 on, 28 × 28 × 1 in the paper, as the authors trained it
 * (flukeskywalker/highway-networks, examples/highways/mnist-10layers/mnist_network.prototxt). A plain
 * convolution of 5 × 5 and 2, 3 and 3 highway layers of 3 × 3, all of 32 channels, whose gates' biases start
 * at -1; max pooling after each stage, of 3, 3 and 2, which keeps partial windows (24 → 12 → 6 → 3); and the
 * classifier. Dropout of 0.5 before the classifier, 0.4 and 0.3 after the poolings before, 0.2 on the input;
 * at another rate all are scaled in proportion. The original's activation is `relu`.
 *
 * 151,690 parameters with 10 classes unless with maxout: the paper's HighWay-32 of 151K. With `shrink: "2"` it
 * is HighWay-16, of 38,986 parameters: 39K.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * const count = (net: models.Model) => models.countParameters(net.init(key(0), images));
 * console.assert(count(models.highway10()) === 151_690);
 * console.assert(count(models.highway10({ shrink: "2" })) === 38_986);
 * ```
 */
export const highway10 = (options: ShrinkOptions = {}): Model =>
  highway10With(divideChannels("highway10", options)(32), options);

/** The net with any number of channels. */
export function highway10With(channels: number, options: ShrinkOptions): Model {
  const { activation = "relu", classes = 10, init, dropout: rate = HIGHWAY10.dropout } = options;
  const drop = (share: number): Layer[] => rate > 0 ? [dropout(share * rate)] : [];
  const after = (index: number, size: number) => [
    maxPool(size, { stride: 2, ceil: true }),
    ...drop(SHARES.pools[index]!),
  ];
  return sequential(
    ...drop(SHARES.input),
    ...highwayStages([
      { channels, first: { size: 5, padding: 0 }, layers: 2, after: after(0, 3) },
      { channels, layers: 3, after: after(1, 3) },
      { channels, layers: 3, after: after(2, 2) },
    ], { caller: "highway10", activation, init, transformBias: -1 }),
    flatten,
    dense(classes, { init }),
  );
}

/** The record of the highway network on MNIST. */
export const HIGHWAY10 = {
  create: highway10,
  about: "the highway network on MNIST, of 32 channels, or 16 with --shrink 2",
  images: GRAY_28,
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
