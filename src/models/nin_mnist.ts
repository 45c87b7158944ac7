/**
 * Network in network on MNIST.
 *
 * @module
 */
import { sequential } from "../nn/mod.ts";
import { MNIST_TRUNK, trunkLayers } from "./mlpconv.ts";
import { GRAY_28, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * Network in network for images of any size from 6 × 6 on, 28 × 28 × 1 in the paper: Lin, Chen & Yan,
 * "Network in Network" (2014), as the authors trained it on MNIST (mavenlin/cuda-convnet, NIN/mnist_def).
 * Convolutions of 5 × 5 with 96 channels and 1 × 1 with 64, 48 | 5 × 5 with 128 and 1 × 1 with 96, 48 | 5 × 5
 * with 128 and 1 × 1 with 96 and one per class; pooling, dropout and activation as in {@linkcode nin}.
 * 349,674 parameters with 10 classes unless with maxout: the 350K of the paper's table 2, which gives them
 * for the deeply supervised net of the same layers.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.ninMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 349_674);
 * ```
 */
export const ninMnist = (options: ShrinkOptions = {}): Model =>
  sequential(...trunkLayers(MNIST_TRUNK, {
    ...options,
    caller: "ninMnist",
    rate: options.dropout ?? NIN_MNIST.dropout,
    activateLast: true,
  }));

/** The record of network in network on MNIST. */
export const NIN_MNIST = {
  create: ninMnist,
  about: "network in network on MNIST",
  images: GRAY_28,
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
