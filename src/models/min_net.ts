/**
 * The batch-normalized maxout network in network, compared with in table 2 of the paper.
 *
 * @module
 */
import { minNetOf } from "./min_trunk.ts";
import { CIFAR_TRUNK } from "./mlpconv.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { SHRINK, type ShrinkOptions } from "./shrink.ts";

/**
 * MIN, the maxout network in network, for images of any size from 6 × 6 on, 32 × 32 × 3 in the paper: Chang &
 * Chen, "Batch-normalized Maxout Network in Network" (2015), as the author trained it
 * (JiaRenChang/Batch_Normalized_Maxout_NIN, example/cifar/cnn_cifar_init_mnin.m). The channels are those of
 * {@linkcode nin}; the 1 × 1 convolutions have five maxout pieces, the others one and no activation. Batch
 * normalization follows every convolution, before the maximum over pieces, and so has five times the channels
 * there; ε is MatConvNet's 1e-4. Average pooling in place of max pooling, of the pixels inside the image alone,
 * and dropout of 0.5 after it. With another activation the 1 × 1 convolutions have one piece, and it follows
 * them.
 *
 * 1,614,294 trained parameters with maxout and 10 classes, of which 9,572 are batch normalization's; its running
 * statistics are as many again and stand in the parameters too.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.minNet(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 1_614_294 + 9_572);
 * ```
 */
export const minNet = (options: ShrinkOptions = {}): Model =>
  minNetOf(CIFAR_TRUNK, {
    ...options,
    caller: "minNet",
    rate: options.dropout ?? MIN_NET.dropout,
  });

/** The record of MIN. */
export const MIN_NET = {
  create: minNet,
  about: "the batch-normalized maxout network in network",
  images: COLOR_32,
  dropout: 0.5,
  options: { shrink: SHRINK },
} as const satisfies ModelRecord;
