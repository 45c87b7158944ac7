/**
 * The sampler of a whole training run: each epoch's training batches, then its test batches.
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
import type { Rank } from "./rank.ts";
import { shareOf, sharePlan } from "./share.ts";

/** The inputs of a training run's batches: plain data, so that it can be sent to another thread. */
export interface LoaderOptions {
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if the net is evaluated after each epoch. */
  readonly test?: Prepared | undefined;
  /** Images per batch. */
  readonly batch: number;
  /** The number of epochs. */
  readonly epochs: number;
  /** Decides the order and the augmentation of training images. */
  readonly key: KeyData;
  /** Whether training images are augmented. */
  readonly augment?: boolean;
  /** The process whose share of each batch is made; the whole batch if left out. */
  readonly rank?: Rank | undefined;
  /** Batches to skip at the start of the training run, to resume it; 0 if left out. */
  readonly from?: number;
}

/** The number of batches of each split in an epoch. */
export const countBatches = ({ train, test, batch }: LoaderOptions): Record<Split, number> => ({
  train: batchesPerEpoch(train, batch),
  test: test ? testBatchCount(test, batch) : 0,
});

/** The number of batches from `from` on. */
export function remainingBatches(options: LoaderOptions): number {
  const { train, test } = countBatches(options), { epochs, from = 0 } = options;
  return epochs * (train + test) - from;
}

/** The examples of a training batch that are made here. */
export const ownBatch = ({ batch, rank }: Pick<LoaderOptions, "batch" | "rank">): number =>
  rank ? shareOf(batch, rank).count : batch;

/** Elements of the largest batch's images, as they are made here. */
export const largestBatch = (options: LoaderOptions): number => {
  const { train, test } = options, size = ownBatch(options);
  return Math.max(...[train, ...(test ? [test] : [])].map((source) => imageElements(source, size)));
};

/** The plan of a batch, and the split of its images. */
export interface SplitPlan {
  readonly split: Split;
  readonly plan: BatchPlan;
}

/** Plans the batch at any index of a training run; fastest for consecutive indices of one epoch. */
export function trainingSampler(options: LoaderOptions): (index: number) => SplitPlan {
  const { train, test, batch, key, augment, rank, from = 0 } = options;
  const own = (plan: BatchPlan) => rank ? sharePlan(plan, rank) : plan;
  const counts = countBatches(options), perEpoch = counts.train + counts.test;
  const sampleTest = test && sequentialSampler(test, { batch });
  let sampledEpoch = -1, sampleTrain: Sampler;
  return (index) => {
    const inEpoch = (from + index) % perEpoch, epoch = (from + index - inEpoch) / perEpoch;
    if (inEpoch >= counts.train) {
      return { split: "test", plan: own(sampleTest!(inEpoch - counts.train)) };
    }
    if (epoch !== sampledEpoch) {
      sampleTrain = randomSampler(train, { batch, key, epoch: sampledEpoch = epoch, augment });
    }
    return { split: "train", plan: own(sampleTrain(inEpoch)) };
  };
}

/** Makes the batch at any index of a training run. */
export function trainingBatchMaker(options: LoaderOptions): MakeBatch {
  const sample = trainingSampler(options);
  return (index, buffers) => {
    const { split, plan } = sample(index);
    return collate(options[split]!, plan, buffers);
  };
}
