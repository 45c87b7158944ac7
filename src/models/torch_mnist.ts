/**
 * The digit classifier of Torch's demos, which the LSUV implementation in Torch was first tested on.
 *
 * @module
 */
import { conv, dense, flatten, type Layer, maxPool, sequential, type Weights } from "../nn/mod.ts";
import { type Key, split, uniform } from "../random.ts";
import { resolveActivation } from "./activation.ts";
import { COLOR_32, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

/** A layer with Torch's initialization of biases: uniform in ±1 / √fan-in. */
function torchBiases<L extends Layer<Weights>>(own: L): L {
  const init = (key: Key, x: Parameters<L["init"]>[1]): Weights => {
    const [forWeights, forBiases] = split(key, 2), { w, b } = own.init(forWeights, x);
    const fanIn = w.shape.slice(0, -1).reduce((n, d) => n * d, 1), limit = 1 / Math.sqrt(fanIn);
    return { w, b: uniform(forBiases, b.shape, -limit, limit) };
  };
  return Object.assign(((params, x) => own(params, x)) as Layer<Weights>, own, { init }) as L;
}

/**
 * Torch's digit classifier (torch/demos, train-a-digit-classifier), as in yobibyte/torch-lsuv: conv 32 of 5
 * × 5, pool 3, conv 64 of 5 × 5, pool 2, dense 200, dense; no dropout. Its images are 32 × 32, MNIST's
 * padded by two pixels of zeros; 28 × 28 also work. 105,506 parameters, except with maxout. The original's
 * activation is `relu`.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.torchMnist(), images = placeholder({ shape: [1, 32, 32, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 105_506);
 * ```
 */
export function torchMnist(options: ModelOptions = {}): Model {
  const { activation = "relu", classes = 10, init } = options;
  const { after, pieces } = resolveActivation("torchMnist", activation);
  const weights = { init, pieces: pieces(2) };
  return sequential(
    torchBiases(conv(32, 5, weights)),
    ...after,
    maxPool(3),
    torchBiases(conv(64, 5, weights)),
    ...after,
    maxPool(2),
    flatten,
    torchBiases(dense(200, weights)),
    ...after,
    torchBiases(dense(classes, { init })),
  );
}

/** The record of Torch's digit classifier. */
export const TORCH_MNIST = {
  create: torchMnist,
  about: "the digit classifier of Torch's demos",
  images: COLOR_32,
  dropout: 0,
} as const satisfies ModelRecord;
