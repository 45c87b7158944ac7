/**
 * The maxout network on CIFAR, compared with in table 2 of the paper.
 *
 * @module
 */
import { dense, flatten, sequential } from "../nn/mod.ts";
import { resolveActivation } from "./activation.ts";
import { dropAt, maxoutTrunk } from "./maxout_trunk.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * The maxout network of Goodfellow, Warde-Farley, Mirza, Courville & Bengio, "Maxout Networks" (2013), section
 * 5.3, for images of any size from 10 × 10 on, 32 × 32 × 3 in the paper (lisa-lab/pylearn2,
 * pylearn2/scripts/papers/maxout/cifar10.yaml). Convolutions of 8 × 8 with 96 channels, 8 × 8 with 192, 5 × 5
 * with 192, of two pieces each; after each, overlapping max pooling of stride 2 that keeps partial windows
 * (33 → 16, 15 → 7, 9 → 5); and 500 hidden units of five pieces. Dropout of 0.5 after each pooling and the
 * hidden layer, and of 0.2 on the input; at another rate the input's is scaled in proportion.
 *
 * 16,247,830 parameters with 10 classes, 3/4 of them in the hidden layer; no number is published, Springenberg
 * et al. (2015), table 3, write "more than 6 million". In pylearn2 inputs that are kept are not scaled by the
 * input's rate; here they are, as everywhere.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.maxoutNet(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 16_247_830);
 * ```
 */
export function maxoutNet(options: ShrinkOptions = {}): Model {
  const { activation = "maxout", classes = 10, init, dropout: rate = MAXOUT_NET.dropout } = options;
  const { after, pieces } = resolveActivation("maxoutNet", activation);
  const convs = [
    { channels: 96, size: 8, padding: 4, pieces: 2, pool: 4 },
    { channels: 192, size: 8, padding: 3, pieces: 2, pool: 4 },
    { channels: 192, size: 5, padding: 3, pieces: 2, pool: 2 },
  ];
  return sequential(
    ...maxoutTrunk(convs, { ...options, caller: "maxoutNet", rate }),
    flatten,
    dense(divideChannels("maxoutNet", options)(500), { pieces: pieces(5), init }),
    ...after,
    ...dropAt(rate),
    dense(classes, { init }),
  );
}

/** The record of the maxout network on CIFAR. */
export const MAXOUT_NET = {
  create: maxoutNet,
  about: "the maxout network",
  images: COLOR_32,
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
