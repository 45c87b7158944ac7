/**
 * The batches of a whole training in the order in which they are used: each epoch's training batches,
 * then the test batches.
 *
 * @module
 */
import type { KeyData } from "../../threefry.ts";
import type { Split } from "../dataset.ts";
import type { Prepared } from "../prepared.ts";
import { collate, imageElements, type MakeBatch } from "./collate.ts";
import {
  batchesPerEpoch,
  type BatchPlan,
  randomSampler,
  type Sampler,
  sequentialSampler,
  testBatchCount,
} from "./sampler.ts";

/** What a training's batches are made of: plain data, so that it can be sent to another thread. */
export interface LoaderOptions {
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if they are gone through after each epoch. */
  readonly test?: Prepared | undefined;
  /** Images a batch. */
  readonly batch: number;
  /** How often all training images are gone through. */
  readonly epochs: number;
  /** Decides the order and the augmentation of training images. */
  readonly key: KeyData;
  /** Whether training images are augmented. */
  readonly augment?: boolean;
  /** Batches of the whole training that are skipped at its beginning, to resume it; 0 if left out. */
  readonly from?: number;
}

/** How many batches of either split an epoch has. */
export const countBatches = ({ train, test, batch }: LoaderOptions): Record<Split, number> => ({
  train: batchesPerEpoch(train, batch),
  test: test ? testBatchCount(test, batch) : 0,
});

/** How many batches are left from `from` on. */
export function remainingBatches(options: LoaderOptions): number {
  const { train, test } = countBatches(options), { epochs, from = 0 } = options;
  return epochs * (train + test) - from;
}

/** Elements of the largest batch's images. */
export const largestBatch = ({ train, test, batch }: LoaderOptions): number =>
  Math.max(...[train, ...(test ? [test] : [])].map((source) => imageElements(source, batch)));

/** The plan of a batch, and the split that its images are of. */
export interface SplitPlan {
  readonly split: Split;
  readonly plan: BatchPlan;
}

/** Plans the batch at any place of a training. It is quickest where places of one epoch follow. */
export function trainingSampler(options: LoaderOptions): (index: number) => SplitPlan {
  const { train, test, batch, key, augment, from = 0 } = options;
  const counts = countBatches(options), perEpoch = counts.train + counts.test;
  const sampleTest = test && sequentialSampler(test, { batch });
  let sampledEpoch = -1, sampleTrain: Sampler;
  return (index) => {
    const inEpoch = (from + index) % perEpoch, epoch = (from + index - inEpoch) / perEpoch;
    if (inEpoch >= counts.train) {
      return { split: "test", plan: sampleTest!(inEpoch - counts.train) };
    }
    if (epoch !== sampledEpoch) {
      sampleTrain = randomSampler(train, { batch, key, epoch: sampledEpoch = epoch, augment });
    }
    return { split: "train", plan: sampleTrain(inEpoch) };
  };
}

/** Makes the batch at any place of a training. */
export function trainingBatchMaker(options: LoaderOptions): MakeBatch {
  const sample = trainingSampler(options);
  return (index, buffers) => {
    const { split, plan } = sample(index);
    return collate(options[split]!, plan, buffers);
  };
}
