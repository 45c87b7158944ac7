/**
 * FitNet-4, the paper's deep net on CIFAR.
 *
 * @module
 */
import { globalMaxPool, maxPool } from "../nn/mod.ts";
import { BATCHNORM, type BatchnormOptions, hasBatchnorm } from "./batchnorm.ts";
import { fitnet, repeat } from "./fitnet.ts";
import { COLOR_32, type Model, type ModelRecord } from "./model.ts";
import { divideChannels, SHRINK, type ShrinkOptions } from "./shrink.ts";

/** Options of {@linkcode fitnet4}. */
export interface Fitnet4Options extends ShrinkOptions, BatchnormOptions {
  /**
   * Convolutions per block: `5-6-6`, as trained (17 layers), if left out; or `5-5-5`, as in the paper's
   * table 1.
   */
  readonly blocks?: "5-6-6" | "5-5-5" | undefined;
}

/**
 * FitNet-4 for images of any size, 32 × 32 × 3 in the paper: 32, 32, 32, 48, 48 | 80 × 6 | 128 × 6 | 500;
 * 2,742,102 parameters with maxout and 10 classes, 1,276,806 otherwise. Dropout of 0.2 on the input,
 * after each pooling and after the hidden layer. With `batchnorm: "yes"`, for comparisons, batch normalization
 * follows every layer with weights but the classifier, before the activation; of maxout layers it normalizes
 * each piece by itself, before the maximum (as in the batch-normalized maxout network in network).
 *
 * @throws RangeError on a value of an option that it does not have.
 *
 * @example
 * ```ts
 * import { key, models, placeholder } from "@goodinit/goodinit";
 *
 * const net = models.fitnet4({ activation: "relu", classes: 100 });
 * const params = net.init(key(0), placeholder({ shape: [1, 32, 32, 3], dtype: "f32" }));
 * console.assert(models.countParameters(params) === 1_321_896);
 * ```
 */
export function fitnet4(options: Fitnet4Options = {}): Model {
  const { blocks = FITNET4.options.blocks.default, dropout = FITNET4.dropout } = options;
  if (blocks !== "5-6-6" && blocks !== "5-5-5") {
    throw new RangeError(`fitnet4: expected blocks 5-6-6 or 5-5-5, found ${blocks}`);
  }
  const n = blocks === "5-6-6" ? 6 : 5, narrow = divideChannels("fitnet4", options);
  return fitnet(
    {
      blocks: [
        [[32, 32, 32, 48, 48].map(narrow), maxPool(2)],
        [repeat(narrow(80), n), maxPool(2)],
        [repeat(narrow(128), n), globalMaxPool],
      ],
      hidden: narrow(500),
      drop: ["input", "pool", "hidden"],
      batchnorm: hasBatchnorm("fitnet4", options, FITNET4.options.batchnorm.default),
    },
    dropout,
    options,
  );
}

/** The record of FitNet-4. */
export const FITNET4 = {
  create: fitnet4,
  about: "the paper's",
  images: COLOR_32,
  dropout: 0.2,
  options: {
    blocks: {
      choices: ["5-6-6", "5-5-5"],
      default: "5-6-6",
      why: "as the authors trained it",
      help: "Convolutions in the blocks of fitnet4.",
    },
    batchnorm: { ...BATCHNORM, default: "no", why: "as the authors trained it" },
    shrink: SHRINK,
  },
} as const satisfies ModelRecord;
