/**
 * The batch-normalized maxout network in network on MNIST, compared with in table 2 of the paper.
 *
 * @module
 */
import { minNetOf } from "./min_trunk.ts";
import type { Trunk } from "./mlpconv.ts";
import { GRAY_28, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

const TRUNK: Trunk = {
  blocks: [{ size: 5, channels: [128, 96, 48] }, { size: 5, channels: [128, 96, 48] }],
  last: { size: 3, channels: [128, 96] },
};

/**
 * MIN for images of any size from 6 × 6 on, 28 × 28 × 1 in the paper: as {@linkcode minNet}, with 128, 96, 48
 * | 128, 96, 48 | 128, 96 channels and one per class.
 *
 * The authors' files for MNIST are not public, and of this net only its nine layers and 447K parameters could
 * be found (table 2 of the paper): the windows and pieces are those on CIFAR, the channels those of network in
 * network's second block on MNIST. Weights alone are then 447,296, with biases and batch normalization 454,358
 * trained parameters.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.minNetMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * const params = net.init(key(0), images);
 * console.assert(net.layers.filter(({ kind }) => kind === "conv").length === 9 && params.length > 0);
 * ```
 */
export const minNetMnist = (options: ShrinkOptions = {}): Model =>
  minNetOf(TRUNK, {
    ...options,
    caller: "minNetMnist",
    rate: options.dropout ?? MIN_NET_MNIST.dropout,
  });

/** The record of MIN on MNIST. */
export const MIN_NET_MNIST = {
  create: minNetMnist,
  about: "the batch-normalized maxout network in network on MNIST",
  images: GRAY_28,
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
