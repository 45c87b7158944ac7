/**
 * Samplers: which images each batch holds, and how each is augmented. They depend only on a key, an epoch
 * and a batch index, so that any thread or device can make any batch.
 *
 * @module
 */

import { checkInteger } from "../check_integer.ts";
import { foldKeyData, type KeyData, permutation, splitKeyData } from "../../threefry.ts";
import type { ImageRequest } from "../image_stream.ts";
import type { Prepared } from "../prepared.ts";
import type { Rank } from "./rank.ts";
import { centralCrop, type Crop, cropRange, drawCrop, drawPart } from "./augment.ts";

/** The metadata of a batch. */
export interface BatchHeader {
  /** The number of real images; less than the batch size only in the last test batch. */
  readonly count: number;
  /** The epoch it belongs to; 0 in testing. */
  readonly epoch: number;
  /** Its index in the epoch, from 0. */
  readonly index: number;
}

/** Which images a batch holds, and how each is augmented; `collate` materializes it. */
export interface BatchPlan extends BatchHeader {
  /** The batch's size. */
  readonly size: number;
  /** The indices of the images in the source: `count` of them. */
  readonly indices: Uint32Array;
  /** The crop of an image, by its index in the batch; the central one if images are not augmented. */
  readonly crop: (slot: number) => Crop;
  /** Decides the random part of an image that is resized to the window; absent where none is. */
  readonly part?: ((slot: number) => KeyData) | undefined;
}

/** The images of a plan, as a stream is asked for them. */
export const imageRequests = ({ indices, count, part }: BatchPlan): ImageRequest[] =>
  Array.from({ length: count }, (_, slot) => ({ index: indices[slot]!, key: part?.(slot) }));

/** Plans the batch at an index. */
export type Sampler = (index: number) => BatchPlan;

/** Options of training batches. */
export interface TrainBatchOptions {
  /** Images per batch. */
  readonly batch: number;
  /** Decides the order and the augmentation. */
  readonly key: KeyData;
  /** The epoch, from 0; each has its own order and augmentation. */
  readonly epoch: number;
  /** Whether images are augmented as the source's `augmentation` says; false if left out. */
  readonly augment?: boolean | undefined;
  /** The index of the first batch, to resume within an epoch; 0 if left out. */
  readonly from?: number;
  /** The process whose share of each batch is made; the whole batch if left out. */
  readonly rank?: Rank | undefined;
}

/** The child keys. */
const ORDER = 0, AUGMENTATION = 1;

/**
 * The number of complete training batches of an epoch.
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

/** The number of test batches, the last, padded one included. */
export const testBatchCount = ({ dataset: { count } }: Prepared, batch: number): number =>
  Math.ceil(count / batch);

/**
 * Samples an epoch's training batches in an order drawn from the key and the epoch, without replacement.
 * Throws a RangeError on sizes that do not fit the data, and if `augment` is set for a source without an
 * augmentation.
 */
export function randomSampler(source: Prepared, options: Omit<TrainBatchOptions, "from">): Sampler {
  const { batch, key, epoch, augment = false } = options;
  const { dataset: { count, name, stream }, augmentation } = source;
  checkInteger("trainBatches", "batch", batch, 1, count);
  checkInteger("trainBatches", "epoch", epoch, 0, 2 ** 32 - 1);
  if (augment && !augmentation) {
    throw new RangeError(`trainBatches: expected a source with an augmentation, found ${name}`);
  }
  if (augmentation?.resizedCrop && !stream) {
    throw new RangeError(
      `trainBatches: expected images from a stream, whose parts can be resized, found ${name} in memory`,
    );
  }
  const orderKey = foldKeyData(splitKeyData(key, ORDER), epoch);
  const cropKey = splitKeyData(key, AUGMENTATION);
  const whole = centralCrop(source);
  const range = augment && augmentation ? cropRange({ ...source, augmentation }) : undefined;
  const resized = range && augmentation?.resizedCrop;
  let order: Uint32Array | undefined;
  return (index) => {
    order ??= permutation(count, orderKey);
    const first = index * batch, indices = order.subarray(first, first + batch);
    const crop = (slot: number) => range ? drawCrop(range, cropKey, epoch, first + slot) : whole;
    const part = resized ? (slot: number) => drawPart(cropKey, epoch, first + slot) : undefined;
    return { size: batch, indices, count: indices.length, epoch, index, crop, part };
  };
}

/** Samples a source in order. Throws a RangeError unless `batch` is an integer of at least 1. */
export function sequentialSampler(source: Prepared, { batch }: { batch: number }): Sampler {
  const { count } = source.dataset;
  checkInteger("testBatches", "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  const whole = centralCrop(source);
  return (index) => {
    const first = index * batch, length = Math.min(batch, count - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    return { size: batch, indices, count: length, epoch: 0, index, crop: () => whole };
  };
}
