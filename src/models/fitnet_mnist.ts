/**
 * FitNet-MNIST, the paper's net on MNIST.
 *
 * @module
 */
import { maxPool } from "../nn/mod.ts";
import { fitnet } from "./fitnet.ts";
import { GRAY_28, type Model, type ModelOptions, type ModelRecord } from "./model.ts";

/**
 * FitNet-MNIST for 28 × 28 × 1 images: 16, 16 | 16, 16 | 12, 12 with overlapping pooling that keeps
 * partial windows (28 → 13 → 6 → 3); 21,426 parameters with maxout, 11,258 otherwise. Dropout of 0.3
 * before the classifier.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnetMnist(), images = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 21_426);
 * ```
 */
export const fitnetMnist = (options: ModelOptions = {}): Model =>
  fitnet(
    {
      blocks: [
        [[16, 16], maxPool(4, { stride: 2, ceil: true })],
        [[16, 16], maxPool(4, { stride: 2, ceil: true })],
        [[12, 12], maxPool(2, { stride: 2, ceil: true })],
      ],
      drop: ["classifier"],
    },
    options.dropout ?? 0.3,
    options,
  );

/** The record of FitNet-MNIST. */
export const FITNET_MNIST = {
  create: fitnetMnist,
  about: "the paper's on MNIST",
  images: GRAY_28,
  dropout: 0.3,
} as const satisfies ModelRecord;
