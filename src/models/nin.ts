/**
 * Network in network, compared with in table 2 of the paper.
 *
 * @module
 */
import { sequential } from "../nn/mod.ts";
import { CIFAR_TRUNK, trunkLayers } from "./mlpconv.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * Network in network for images of any size from 6 × 6 on, 32 × 32 × 3 in the paper: Lin, Chen & Yan,
 * "Network in Network" (2014), as the authors trained it on CIFAR (mavenlin/cuda-convnet, NIN/cifar-10_def
 * and cifar-100_def). Convolutions of 5 × 5 with 192 channels and 1 × 1 with 160, 96 | 5 × 5 with 192 and 1 ×
 * 1 with 192, 192 | 3 × 3 with 192 and 1 × 1 with 192 and one per class; overlapping max pooling and dropout
 * of 0.5 after the first two blocks, global average pooling at the end. The original's activation is `relu`,
 * which also follows the last convolution. 966,986 parameters with 10 classes unless with maxout; about a
 * million by Springenberg et al. (2015), table 3.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.nin(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 966_986);
 * ```
 */
export const nin = (options: ShrinkOptions = {}): Model =>
  sequential(...trunkLayers(CIFAR_TRUNK, {
    ...options,
    caller: "nin",
    rate: options.dropout ?? NIN.dropout,
    activateLast: true,
  }));

/** The record of network in network. */
export const NIN = {
  create: nin,
  about: "network in network",
  images: COLOR_32,
  activation: "relu",
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
