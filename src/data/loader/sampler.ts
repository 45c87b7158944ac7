/**
 * The batches of a whole training in the order in which they are used: each epoch's training
 * batches, then the test batches.
 *
 * @module
 */
import type { KeyData } from "../../threefry.ts";
import { assemble, type Contents, elementsOf, type Maker } from "./collate.ts";
import {
  batchesPerEpoch,
  type Picker,
  testBatchCount,
  testPicker,
  trainPicker,
} from "./batches.ts";
import type { Prepared } from "../preprocess.ts";

/** What a training's batches are made of: plain data, so that another thread can be told it. */
export interface Course {
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if they are gone through after each epoch. */
  readonly test?: Prepared | undefined;
  /** Images a batch. */
  readonly batch: number;
  /** How often all training images are gone through. */
  readonly epochs: number;
  /** Decides the order and the variations of training images. */
  readonly key: KeyData;
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

/** What is in a batch of a course, and where its images are from. */
export interface Picked {
  /** The images' data set. */
  readonly of: "train" | "test";
  /** Which they are, and how they are varied. */
  readonly contents: Contents;
}

/** Picks the images of the batch at any place of a course. It is quickest where places of one epoch follow. */
export function pickerOf(course: Course): (index: number) => Picked {
  const { train, test, batch, key, augment, from = 0 } = course;
  const { training, testing } = batchesOf(course);
  const tests = test && testPicker(test, { batch });
  let epoch = -1, trains: Picker;
  return (index) => {
    const place = from + index, at = place % (training + testing);
    const now = (place - at) / (training + testing);
    if (at >= training) return { of: "test", contents: tests!(at - training) };
    if (now !== epoch) trains = trainPicker(train, { batch, key, epoch: epoch = now, augment });
    return { of: "train", contents: trains(at) };
  };
}

/** Makes the batch at any place of a course. */
export function makerOf(course: Course): Maker {
  const pick = pickerOf(course);
  return (index, room) => {
    const { of, contents } = pick(index);
    return assemble(course[of]!, contents, room);
  };
}
