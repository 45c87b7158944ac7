/**
 * A small branching net, for which the paper calls normalizing by input statistics difficult.
 *
 * @module
 */
import {
  concat,
  conv,
  dense,
  dropout,
  globalMaxPool,
  type Layer,
  maxPool,
  sequential,
} from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { activatedLayers, BATCHNORM, type BatchnormOptions, hasBatchnorm } from "./batchnorm.ts";
import { COLOR_32, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

/** Options of {@linkcode branching}. */
export interface BranchingOptions extends ModelOptions, BatchnormOptions {}

/**
 * Two Inception-style modules (Szegedy et al., "Going deeper with convolutions", 2015) of parallel 1 × 1, 3
 * × 3 and 5 × 5 convolutions, for images of any size: conv 16 | 8, 16, 8 | 16, 32, 16 | classes. Dropout
 * before the classifier if a rate is given. With `batchnorm: "yes"` batch normalization follows each convolution,
 * of every maxout piece by itself.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.branching({ activation: "relu" }), images = placeholder({ shape: [8, 32, 32, 3], dtype: "f32" });
 * console.assert(net(net.init(key(0), images), images).shape.join() === "8,10");
 * ```
 */
export function branching(options: BranchingOptions = {}): Model {
  const { activation = "maxout", classes = 10, init, dropout: rate = 0 } = options;
  const { after, pieces } = resolveActivation("branching", activation);
  const batchnorm = hasBatchnorm("branching", options, BRANCHING.options.batchnorm.default);
  const block = (channels: number, size: number): Layer =>
    sequential(
      ...activatedLayers(channels, { batchnorm, pieces: pieces(2), after }, (n, pieces) =>
        conv(n, size, { padding: (size - 1) / 2, pieces, init })),
    );
  const inceptionModule = (n: number) => concat(block(n, 1), block(2 * n, 3), block(n, 5));
  return sequential(
    block(16, 3),
    maxPool(2),
    inceptionModule(8),
    maxPool(2),
    inceptionModule(16),
    globalMaxPool,
    ...(rate > 0 ? [dropout(rate)] : []),
    dense(classes, { init }),
  ) as Model;
}

/** The record of the branching net. */
export const BRANCHING = {
  create: branching,
  about: "a net of convolutions side by side",
  images: COLOR_32,
  dropout: 0,
  options: { batchnorm: { ...BATCHNORM, default: "no", why: "the net of other experiments" } },
} as const satisfies ModelRecord;
