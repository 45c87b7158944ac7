/**
 * The batches of a whole training in the order in which they are used: each epoch's training
 * batches, then the test batches.
 *
 * @module
 */
import type { Words } from "../threefry.ts";
import { elementsOf, type Maker } from "./assemble.ts";
import { batchesPerEpoch, testBatchCount, testMaker, trainMaker } from "./batches.ts";
import type { Prepared } from "./preprocess.ts";

/** What a training's batches are made of: plain data, so that another thread can be told it. */
export interface Course {
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if they are gone through after each epoch. */
  readonly test?: Prepared;
  /** Images a batch. */
  readonly batch: number;
  /** How often all training images are gone through. */
  readonly epochs: number;
  /** Decides the order and the variations of training images. */
  readonly key: Words;
  /** Whether training images are varied. */
  readonly augment?: boolean;
  /** Batches of the whole training that are left out at its beginning, to go on with it; 0 if left out. */
  readonly from?: number;
}

/** How many batches of either kind an epoch has. */
export const batchesOf = ({ train, test, batch }: Course) => ({
  training: batchesPerEpoch(train, batch),
  testing: test ? testBatchCount(test, batch) : 0,
});

/** How many batches there are in all. */
export function lengthOf(course: Course): number {
  const { training, testing } = batchesOf(course), { epochs, from = 0 } = course;
  return epochs * (training + testing) - from;
}

/** Elements of the largest batch's images. */
export const roomOf = ({ train, test, batch }: Course): number =>
  Math.max(...[train, ...(test ? [test] : [])].map((source) => elementsOf(source, batch)));

/** Makes the batch at any place of a course. It is quickest where places of one epoch follow. */
export function makerOf(course: Course): Maker {
  const { train, test, batch, key, augment, from = 0 } = course;
  const { training, testing } = batchesOf(course);
  const tests = test && testMaker(test, { batch });
  let epoch = -1, trains: Maker;
  return (index, room) => {
    const place = from + index, at = place % (training + testing);
    const of = (place - at) / (training + testing);
    if (at >= training) return tests!(at - training, room);
    if (of !== epoch) trains = trainMaker(train, { batch, key, epoch: epoch = of, augment });
    return trains(at, room);
  };
}
