/**
 * Mini-batches assembled straight from bytes, in an order and with variations that depend on a
 * key, an epoch and a batch index alone.
 *
 * @module
 */

import { foldWords, permutation, splitWords, type Words } from "../threefry.ts";
import { drawVariation, type Variation } from "./augment.ts";
import type { Prepared } from "./preprocess.ts";

/** One mini-batch. */
export interface Batch {
  /** The net's input, [batch, height, width, channels]; zeros behind `count` images. */
  readonly images: Float32Array<ArrayBuffer>;
  /** The class of each image, [batch]; zeros behind `count` images. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** How many images are real; less than the batch's size only in the last test batch. */
  readonly count: number;
  /** The epoch it belongs to; 0 in testing. */
  readonly epoch: number;
  /** Its place in the epoch, from 0. */
  readonly index: number;
}

/** What training batches are drawn with. */
export interface TrainBatchOptions {
  /** Images a batch. */
  readonly batch: number;
  /** Decides the order and the variations. */
  readonly key: Words;
  /** The epoch, from 0; each has its own order and variations. */
  readonly epoch: number;
  /** Whether images are varied as the source's `augmentation` says; false unless told. */
  readonly augment?: boolean;
  /** The index of the first batch, to go on within an epoch; 0 unless told. */
  readonly from?: number;
}

const ORDER = 0;
const VARIATION = 1;

/** Writes image `index`, varied, as the `slot`-th of `out`, which holds zeros there. */
function place(
  source: Prepared,
  index: number,
  out: Float32Array,
  slot: number,
  padding: number,
  { top, left, mirrored }: Variation,
): void {
  const { dataset: { images, height, width, channels }, mean } = source;
  const scale = source.scale[index], offset = source.offset[index];
  const rowBytes = width * channels, imageBytes = height * rowBytes;
  const down = top - padding, right = left - padding;
  const firstRow = Math.max(0, -down), endRow = Math.min(height, height - down);
  const firstColumn = Math.max(0, right), endColumn = Math.min(width, width + right);
  const run = Math.max(0, endColumn - firstColumn);
  for (let row = firstRow; row < endRow; row++) {
    const inMean = (row + down) * rowBytes + firstColumn * channels;
    const from = index * imageBytes + inMean;
    const start = slot * imageBytes + row * rowBytes;
    if (!mirrored) {
      const to = start + (firstColumn - right) * channels;
      for (let k = 0, end = run * channels; k < end; k++) {
        out[to + k] = images[from + k] * scale - offset - mean[inMean + k];
      }
    } else {
      let to = start + (width - 1 - (firstColumn - right)) * channels;
      for (let pixel = 0, k = 0; pixel < run; pixel++, to -= channels) {
        for (let channel = 0; channel < channels; channel++, k++) {
          out[to + channel] = images[from + k] * scale - offset - mean[inMean + k];
        }
      }
    }
  }
}

const UNVARIED: Variation = { top: 0, left: 0, mirrored: false };

function assemble(
  source: Prepared,
  size: number,
  indices: Uint32Array,
  epoch: number,
  index: number,
  variation?: (slot: number) => Variation,
): Batch {
  const { height, width, channels, labels: all } = source.dataset;
  const images = new Float32Array(size * height * width * channels), labels = new Int32Array(size);
  const padding = variation ? source.augmentation!.padding : 0;
  for (let slot = 0; slot < indices.length; slot++) {
    place(source, indices[slot], images, slot, padding, variation?.(slot) ?? UNVARIED);
    labels[slot] = all[indices[slot]];
  }
  return { images, labels, count: indices.length, epoch, index };
}

function wholeNumber(caller: string, what: string, found: number, least: number, most: number) {
  if (!Number.isInteger(found) || found < least || found > most) {
    throw new RangeError(
      `${caller}: expected ${what} to be a whole number from ${least} to ${most}, found ${found}`,
    );
  }
}

/** How many training batches an epoch has: whole ones only. */
export function batchesPerEpoch(source: Prepared, batch: number): number {
  wholeNumber("batchesPerEpoch", "batch", batch, 1, source.dataset.count);
  return Math.floor(source.dataset.count / batch);
}

/**
 * The training batches of an epoch from batch `from` on. The order is drawn from the key and the
 * epoch; what does not fill a batch at the end is left out. Throws a RangeError on sizes that do
 * not fit the data, and where `augment` is asked of a source without an augmentation.
 */
export function trainBatches(source: Prepared, options: TrainBatchOptions): Generator<Batch, void> {
  const { batch, key, epoch, augment = false, from = 0 } = options;
  const { dataset: { count, name }, augmentation } = source;
  wholeNumber("trainBatches", "batch", batch, 1, count);
  wholeNumber("trainBatches", "epoch", epoch, 0, 2 ** 32 - 1);
  const batches = batchesPerEpoch(source, batch);
  wholeNumber("trainBatches", "from", from, 0, batches);
  if (augment && !augmentation) {
    throw new RangeError(`trainBatches: expected a source with an augmentation, found ${name}`);
  }
  const orderKey = foldWords(splitWords(key, ORDER), epoch);
  const variationKey = splitWords(key, VARIATION);
  return (function* () {
    const order = permutation(count, orderKey);
    for (let index = from; index < batches; index++) {
      const first = index * batch;
      const indices = order.subarray(first, first + batch);
      const variation = augment
        ? (slot: number) => drawVariation(augmentation!, variationKey, epoch, first + slot)
        : undefined;
      yield assemble(source, batch, indices, epoch, index, variation);
    }
  })();
}

/**
 * The whole of a source in order, unvaried, for testing. The last batch has the full size too, with
 * zeros behind its `count` images. Throws a RangeError unless `batch` is a whole number of at
 * least 1.
 */
export function testBatches(source: Prepared, options: { batch: number }): Generator<Batch, void> {
  const { batch } = options, { count } = source.dataset;
  wholeNumber("testBatches", "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  return (function* () {
    for (let first = 0, index = 0; first < count; first += batch, index++) {
      const length = Math.min(batch, count - first);
      yield assemble(source, batch, Uint32Array.from({ length }, (_, i) => first + i), 0, index);
    }
  })();
}
