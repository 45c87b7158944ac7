/**
 * FitNet-1, the paper's small net on CIFAR.
 *
 * @module
 */
import { globalMaxPool, maxPool } from "../nn/mod.ts";
import { BATCHNORM, type BatchnormOptions, hasBatchnorm } from "./batchnorm.ts";
import { fitnet, repeat } from "./fitnet.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** Options of {@linkcode fitnet1}. */
export interface Fitnet1Options extends ShrinkOptions, BatchnormOptions {}

/**
 * FitNet-1 for images of any size, 32 × 32 × 3 in the paper: 16, 16, 16 | 32, 32, 32 | 48, 48, 64 | 500;
 * 348,694 parameters with maxout and 10 classes, 128,102 otherwise. No dropout unless a rate is given; then
 * where {@linkcode fitnet4} has it. With `batchnorm: "yes"` batch normalization is where {@linkcode fitnet4} has it.
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnet1(), images = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
 * console.assert(models.countParameters(net.init(key(0), images)) === 348_694);
 * ```
 */
export function fitnet1(options: Fitnet1Options = {}): Model {
  const narrow = divideChannels("fitnet1", options);
  return fitnet(
    {
      blocks: [
        [repeat(narrow(16), 3), maxPool(2)],
        [repeat(narrow(32), 3), maxPool(2)],
        [[48, 48, 64].map(narrow), globalMaxPool],
      ],
      hidden: narrow(500),
      drop: ["input", "pool", "hidden"],
      batchnorm: hasBatchnorm("fitnet1", options, FITNET1.options.batchnorm.default),
    },
    options.dropout ?? 0,
    options,
  );
}

/** The record of FitNet-1. */
export const FITNET1 = {
  create: fitnet1,
  about: "a smaller fitnet4",
  images: COLOR_32,
  dropout: 0,
  options: {
    batchnorm: { ...BATCHNORM, default: "no", why: "as the authors trained it" },
    shrink: SHRINK,
  },
} as const satisfies ModelRecord;
