/**
 * Samplers: which images each batch holds, and how each is augmented. They depend on a key, an epoch and
 * a batch index alone, so that any batch can be made again, by any thread or device.
 *
 * @module
 */

import { foldKeyData, type KeyData, permutation, splitKeyData } from "../../threefry.ts";
import type { Prepared } from "../prepared.ts";
import { type Crop, drawCrop } from "./augment.ts";

/** What is said of a batch beside its images and labels. */
export interface BatchHeader {
  /** How many images are real; less than the batch's size only in the last test batch. */
  readonly count: number;
  /** The epoch it belongs to; 0 in testing. */
  readonly epoch: number;
  /** Its place in the epoch, from 0. */
  readonly index: number;
}

/** Which images a batch is to hold, and how each is augmented: what `collate` materializes. */
export interface BatchPlan extends BatchHeader {
  /** The batch's size. */
  readonly size: number;
  /** The images' places in the source: `count` of them. */
  readonly indices: Uint32Array;
  /** The crop of an image by its place in the batch; absent where images are as they are. */
  readonly crop?: ((slot: number) => Crop) | undefined;
}

/** Plans the batch at an index. */
export type Sampler = (index: number) => BatchPlan;

/** What training batches are drawn with. */
export interface TrainBatchOptions {
  /** Images a batch. */
  readonly batch: number;
  /** Decides the order and the augmentation. */
  readonly key: KeyData;
  /** The epoch, from 0; each has its own order and augmentation. */
  readonly epoch: number;
  /** Whether images are augmented as the source's `augmentation` says; false if left out. */
  readonly augment?: boolean | undefined;
  /** The index of the first batch, to resume within an epoch; 0 if left out. */
  readonly from?: number;
}

/** What the key is split into. */
const ORDER = 0, AUGMENTATION = 1;

/** Throws RangeError, in the name of a function, unless a number is an integer in a range. */
export function checkInteger(
  caller: string,
  what: string,
  found: number,
  least: number,
  most: number,
): void {
  if (Number.isInteger(found) && found >= least && found <= most) return;
  throw new RangeError(
    `${caller}: expected ${what} to be an integer from ${least} to ${most}, found ${found}`,
  );
}

/**
 * How many training batches an epoch has: whole ones only.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const source = data.procedural({ split: "train", count: 70, size: 16 });
 * const { train } = data.prepareCifar(source, source);
 * console.assert(data.batchesPerEpoch(train, 32) === 2);
 * ```
 */
export function batchesPerEpoch(source: Prepared, batch: number): number {
  checkInteger("batchesPerEpoch", "batch", batch, 1, source.dataset.count);
  return Math.floor(source.dataset.count / batch);
}

/** How many test batches there are, the last one padded. */
export const testBatchCount = ({ dataset: { count } }: Prepared, batch: number): number =>
  Math.ceil(count / batch);

/**
 * Samples an epoch's training batches in an order drawn from the key and the epoch, without replacement.
 * Throws a RangeError on sizes that do not fit the data, and where `augment` is asked of a source without
 * an augmentation.
 */
export function randomSampler(source: Prepared, options: Omit<TrainBatchOptions, "from">): Sampler {
  const { batch, key, epoch, augment = false } = options;
  const { dataset: { count, name }, augmentation } = source;
  checkInteger("trainBatches", "batch", batch, 1, count);
  checkInteger("trainBatches", "epoch", epoch, 0, 2 ** 32 - 1);
  if (augment && !augmentation) {
    throw new RangeError(`trainBatches: expected a source with an augmentation, found ${name}`);
  }
  const orderKey = foldKeyData(splitKeyData(key, ORDER), epoch);
  const cropKey = splitKeyData(key, AUGMENTATION);
  let order: Uint32Array | undefined;
  return (index) => {
    order ??= permutation(count, orderKey);
    const first = index * batch, indices = order.subarray(first, first + batch);
    const crop = augment
      ? (slot: number) => drawCrop(augmentation!, cropKey, epoch, first + slot)
      : undefined;
    return { size: batch, indices, count: indices.length, epoch, index, crop };
  };
}

/** Samples a source in its order. Throws a RangeError unless `batch` is an integer of at least 1. */
export function sequentialSampler(source: Prepared, { batch }: { batch: number }): Sampler {
  const { count } = source.dataset;
  checkInteger("testBatches", "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  return (index) => {
    const first = index * batch, length = Math.min(batch, count - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    return { size: batch, indices, count: length, epoch: 0, index };
  };
}
