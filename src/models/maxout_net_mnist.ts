/**
 * The maxout network on MNIST, compared with in table 2 of the paper.
 *
 * @module
 */
import { dense, flatten, sequential } from "../nn/mod.ts";
import { maxoutTrunk } from "./maxout_trunk.ts";
import { GRAY_28, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * The maxout network of Goodfellow et al., "Maxout Networks" (2013), section 5.2, for images of any size from
 * 18 × 18 on, 28 × 28 × 1 in the paper (lisa-lab/pylearn2, pylearn2/scripts/papers/maxout/mnist.yaml).
 * Convolutions of 8 × 8 with 48 channels, 8 × 8 with 48 and 5 × 5 with 24, of 2, 2 and 4 pieces; after each,
 * overlapping max pooling of stride 2 that keeps partial windows (21 → 10, 9 → 4, 6 → 3); and the classifier.
 * Dropout of 0.5 after each pooling, and of 0.2 on the input; at another rate the input's is scaled in
 * proportion.
 *
 * 418,714 parameters with maxout and 10 classes: the 420K of the paper's table 2. The original has a bias at
 * every position of a channel (pylearn2's `tied_b` is off), here it is one a channel.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.maxoutNetMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 418_714);
 * ```
 */
export function maxoutNetMnist(options: ShrinkOptions = {}): Model {
  const { classes = 10, init, dropout: rate = MAXOUT_NET_MNIST.dropout } = options;
  const convs = [
    { channels: 48, size: 8, padding: 0, pieces: 2, pool: 4 },
    { channels: 48, size: 8, padding: 3, pieces: 2, pool: 4 },
    { channels: 24, size: 5, padding: 3, pieces: 4, pool: 2 },
  ];
  return sequential(
    ...maxoutTrunk(convs, { ...options, caller: "maxoutNetMnist", rate }),
    flatten,
    dense(classes, { init }),
  );
}

/** The record of the maxout network on MNIST. */
export const MAXOUT_NET_MNIST = {
  create: maxoutNetMnist,
  about: "the maxout network on MNIST",
  images: GRAY_28,
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
