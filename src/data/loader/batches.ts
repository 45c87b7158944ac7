/**
 * The batches of one epoch, as generators that collate on demand.
 *
 * @module
 */

import { checkInteger } from "../check_integer.ts";
import { checkPrepared, type Prepared } from "../prepared.ts";
import { type Batch, collate } from "./collate.ts";
import { type PlannedRead, readAhead } from "./read_ahead.ts";
import {
  batchesPerEpoch,
  randomSampler,
  type Sampler,
  sequentialSampler,
  testBatchCount,
  type TrainBatchOptions,
} from "./sampler.ts";
import { sharePlan } from "./share.ts";

/** Collates the batches from one index to another as they are asked for. */
function* collateEach(
  source: Prepared,
  sample: Sampler,
  from: number,
  end: number,
): Generator<Batch, void> {
  if (!source.dataset.stream) {
    for (let index = from; index < end; index++) yield collate(source, sample(index));
    return;
  }
  const read = (index: number): PlannedRead => ({ source, plan: sample(from + index) });
  using batches = readAhead(read, end - from);
  for (let index = from; index < end; index++) yield batches.next();
}

/**
 * The training batches of an epoch from batch `from` on. The order is drawn from the key and the epoch; a
 * last, incomplete batch is left out. Throws a RangeError on sizes that do not fit the data, and if
 * `augment` is set for a source without an augmentation.
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
  const { batch, from = 0, rank } = options, plan = randomSampler(source, options);
  const sample: Sampler = rank ? (index) => sharePlan(plan(index), rank) : plan;
  const batches = batchesPerEpoch(source, batch);
  checkInteger("trainBatches", "from", from, 0, batches);
  return collateEach(source, sample, from, batches);
}

/**
 * All images of a source in order, without augmentation, for testing. The last batch has the full size too,
 * padded with zeros after its `count` images. Throws a RangeError unless `batch` is an integer of at least
 * 1.
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
  const sample = sequentialSampler(source, options);
  return collateEach(source, sample, 0, testBatchCount(source, options.batch));
}
