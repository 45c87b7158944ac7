/**
 * Preprocessing as tables, a scale and an offset per image and one mean image, that batches apply to the
 * bytes: a pixel becomes byte × scale - offset - mean.
 *
 * @module
 */

import { checkAlike, checkDataset, checkInMemory } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";
import type { Prepared, PreparedSplits } from "./prepared.ts";

/** The l2 norm that global contrast normalization gives an image. */
export const CONTRAST_NORM = 55;

/** An image whose divisor is below this is left unscaled. */
const MINIMUM_DIVISOR = 1e-8;

/** The factor of MNIST's bytes. */
export const MNIST_SCALE = 0.004;

/** Bytes of one image. */
const imageBytes = ({ height, width, channels }: Dataset) => height * width * channels;

function check(caller: string, train: Dataset, test: Dataset): void {
  for (const dataset of [train, test]) {
    checkDataset(caller, dataset);
    checkInMemory(caller, dataset);
  }
  checkAlike(caller, train, test);
}

/**
 * The scale and offset per image of global contrast normalization: subtract the image's own mean over all
 * pixels and channels, then scale its l2 norm to 55. An image of one color becomes zero. (pylearn2,
 * `global_contrast_normalize` with scale 55 and no bias.)
 */
export function contrastTables(dataset: Dataset): Pick<Prepared, "scale" | "offset"> {
  const { images, count } = dataset, bytes = imageBytes(dataset);
  const scale = new Float64Array(count), offset = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0, squares = 0;
    for (let at = i * bytes, end = at + bytes; at < end; at++) {
      const byte = images[at]!;
      sum += byte;
      squares += byte * byte;
    }
    // Both sums are integers, so this difference of products is exact.
    const divisor = Math.sqrt((bytes * squares - sum * sum) / bytes) / CONTRAST_NORM;
    scale[i] = divisor < MINIMUM_DIVISOR ? 1 : 1 / divisor;
    offset[i] = (sum / bytes) * scale[i]!;
  }
  return { scale, offset };
}

/** The mean of the scaled and offset images of a data set, for each pixel and channel. */
export function meanImage(
  dataset: Dataset,
  { scale, offset }: Pick<Prepared, "scale" | "offset">,
): Float32Array<ArrayBuffer> {
  const { images, count } = dataset, bytes = imageBytes(dataset);
  const sums = new Float64Array(bytes);
  for (let i = 0, at = 0; i < count; i++) {
    const by = scale[i]!, less = offset[i]!;
    for (let p = 0; p < bytes; p++, at++) sums[p]! += images[at]! * by - less;
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/**
 * CIFAR as the paper's authors prepared it: global contrast normalization of each image, minus the mean
 * image of the training set, in training and test alike; training images may be padded by 8, cropped and
 * mirrored. Throws a RangeError if the two sets differ in size or classes, or one is inconsistent: a label
 * outside 0…classes-1, or more or fewer labels than images.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const { train, test } = data.prepareCifar(
 *   data.procedural({ split: "train", count: 20, size: 16 }),
 *   data.procedural({ split: "test", count: 10, size: 16 }),
 * );
 * console.assert(train.augmentation?.padding === 8 && test.mean === train.mean);
 * ```
 */
export function prepareCifar(train: Dataset, test: Dataset): PreparedSplits {
  check("prepareCifar", train, test);
  const tables = contrastTables(train);
  const mean = meanImage(train, tables);
  return {
    train: { dataset: train, ...tables, mean, augmentation: { padding: 8, mirror: true } },
    test: { dataset: test, ...contrastTables(test), mean },
  };
}

/**
 * MNIST as the paper's authors prepared it: bytes times 0.004, no mean, no augmentation. Throws a
 * RangeError if the two sets differ in size or classes, or one is inconsistent: a label outside
 * 0…classes-1, or more or fewer labels than images.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const { train, test } = data.prepareMnist(
 *   data.procedural({ split: "train", count: 20, size: 28, channels: 1 }),
 *   data.procedural({ split: "test", count: 10, size: 28, channels: 1 }),
 * );
 * console.assert(train.scale[0] === 0.004 && test.offset[0] === 0);
 * ```
 */
export function prepareMnist(train: Dataset, test: Dataset): PreparedSplits {
  check("prepareMnist", train, test);
  const prepare = (dataset: Dataset): Prepared => ({
    dataset,
    scale: new Float64Array(dataset.count).fill(MNIST_SCALE),
    offset: new Float64Array(dataset.count),
    mean: new Float32Array(imageBytes(dataset)),
  });
  return { train: prepare(train), test: prepare(test) };
}
