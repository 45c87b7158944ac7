/**
 * Mini-batches in an order and with variations that depend on a key, an epoch and a batch index
 * alone.
 *
 * @module
 */

import { foldKeyData, type KeyData, permutation, splitKeyData } from "../../threefry.ts";
import { assemble, type Batch, type Contents, type Maker } from "./collate.ts";
import { drawVariation } from "./augment.ts";
import { checkPrepared } from "../check_dataset.ts";
import type { Prepared } from "../preprocess.ts";

/** What training batches are drawn with. */
export interface TrainBatchOptions {
  /** Images a batch. */
  readonly batch: number;
  /** Decides the order and the variations. */
  readonly key: KeyData;
  /** The epoch, from 0; each has its own order and variations. */
  readonly epoch: number;
  /** Whether images are varied as the source's `augmentation` says; false unless told. */
  readonly augment?: boolean | undefined;
  /** The index of the first batch, to go on within an epoch; 0 unless told. */
  readonly from?: number;
}

const ORDER = 0;
const VARIATION = 1;

function wholeNumber(caller: string, what: string, found: number, least: number, most: number) {
  if (!Number.isInteger(found) || found < least || found > most) {
    throw new RangeError(
      `${caller}: expected ${what} to be a whole number from ${least} to ${most}, found ${found}`,
    );
  }
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
  wholeNumber("batchesPerEpoch", "batch", batch, 1, source.dataset.count);
  return Math.floor(source.dataset.count / batch);
}

/** Says what is in the batch at an index. */
export type Picker = (index: number) => Contents;

/** Makes the batches that a picker says. */
const makerOf = (source: Prepared, pick: Picker): Maker => (index, room) =>
  assemble(source, pick(index), room);

/**
 * Picks the images of any training batch of an epoch. Throws a RangeError on sizes that do not fit the
 * data, and where `augment` is asked of a source without an augmentation.
 */
export function trainPicker(source: Prepared, options: Omit<TrainBatchOptions, "from">): Picker {
  const { batch, key, epoch, augment = false } = options;
  const { dataset: { count, name }, augmentation } = source;
  wholeNumber("trainBatches", "batch", batch, 1, count);
  wholeNumber("trainBatches", "epoch", epoch, 0, 2 ** 32 - 1);
  if (augment && !augmentation) {
    throw new RangeError(`trainBatches: expected a source with an augmentation, found ${name}`);
  }
  const orderKey = foldKeyData(splitKeyData(key, ORDER), epoch);
  const variationKey = splitKeyData(key, VARIATION);
  let order: Uint32Array | undefined;
  return (index) => {
    order ??= permutation(count, orderKey);
    const first = index * batch, indices = order.subarray(first, first + batch);
    const variation = augment
      ? (slot: number) => drawVariation(augmentation!, variationKey, epoch, first + slot)
      : undefined;
    return { size: batch, indices, epoch, index, variation };
  };
}

/** How many test batches there are, the last one filled up. */
export const testBatchCount = ({ dataset: { count } }: Prepared, batch: number): number =>
  Math.ceil(count / batch);

/** Picks the images of any test batch. Throws a RangeError unless `batch` is a whole number of at least 1. */
export function testPicker(source: Prepared, { batch }: { batch: number }): Picker {
  const { count } = source.dataset;
  wholeNumber("testBatches", "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  return (index) => {
    const first = index * batch, length = Math.min(batch, count - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    return { size: batch, indices, epoch: 0, index };
  };
}

function* each(make: Maker, from: number, end: number): Generator<Batch, void> {
  for (let index = from; index < end; index++) yield make(index);
}

/**
 * The training batches of an epoch from batch `from` on. The order is drawn from the key and the
 * epoch; what does not fill a batch at the end is left out. Throws a RangeError on sizes that do
 * not fit the data, and where `augment` is asked of a source without an augmentation.
 *
 * @example
 * ```ts
 * import { data, random } from "@goodinit/goodinit";
 *
 * const source = data.procedural({ split: "train", count: 70, size: 16 });
 * const { train } = data.prepareCifar(source, source);
 * const options = { batch: 32, key: random.keyData(0), epoch: 0, augment: true };
 * for (const { images, labels } of data.trainBatches(train, options)) {
 *   console.assert(images.length === 32 * 16 * 16 * 3 && labels.length === 32);
 * }
 * ```
 */
export function trainBatches(source: Prepared, options: TrainBatchOptions): Generator<Batch, void> {
  checkPrepared("trainBatches", source);
  const { batch, from = 0 } = options, make = makerOf(source, trainPicker(source, options));
  const batches = batchesPerEpoch(source, batch);
  wholeNumber("trainBatches", "from", from, 0, batches);
  return each(make, from, batches);
}

/**
 * The whole of a source in order, unvaried, for testing. The last batch has the full size too, with
 * zeros behind its `count` images. Throws a RangeError unless `batch` is a whole number of at
 * least 1.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const source = data.procedural({ split: "train", count: 70, size: 16 });
 * const { test } = data.prepareCifar(source, source);
 * const counts = [...data.testBatches(test, { batch: 32 })].map(({ count }) => count);
 * console.assert(counts.join() === "32,32,6");
 * ```
 */
export function testBatches(source: Prepared, options: { batch: number }): Generator<Batch, void> {
  checkPrepared("testBatches", source);
  const make = makerOf(source, testPicker(source, options));
  return each(make, 0, testBatchCount(source, options.batch));
}
