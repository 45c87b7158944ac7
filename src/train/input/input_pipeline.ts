/**
 * Where a training's batches come from: made on the host, or gathered on the device from a data set that
 * lies there.
 *
 * @module
 */
import { type Course, pickerOf } from "../../data/loader/sampler.ts";
import { openFeed } from "../../data/loader/loader.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { batchTensors } from "./batch_tensors.ts";
import {
  batchOf,
  pickRoom,
  picksTensor,
  residentBytes,
  type ResidentData,
  residentData,
  writePicks,
} from "./device_dataset.ts";

/** A batch as it is given to a compiled function. */
export interface Supplied {
  /** What {@linkcode Supply} makes images and labels from. */
  readonly given: Params;
  /** How many images are real. */
  readonly count: number;
  /** Its place in the epoch, from 0. */
  readonly index: number;
}

/** Images and labels of a batch. */
export interface Looked {
  /** [batch, height, width, channels]. */
  readonly images: Tensor;
  /** i32[batch]. */
  readonly labels: Tensor;
}

/** The batches of a training. */
export interface Supply extends Disposable {
  /** The next so many batches. Each is good until the one after it is asked for. */
  take(count: number): Generator<Supplied, void>;
  /** Images and labels from what a batch gives, as a part of what is compiled. */
  look(given: Params, of: "train" | "test"): Looked;
}

/** Batches that are made on the host, by a thread beside where that pays or `ahead` says so. */
function hostSupply(course: Course, ahead: boolean | undefined): Supply {
  const feed = openFeed(course, ahead);
  return {
    *take(count) {
      for (const batch of feed.take(count)) {
        const { count, index } = batch;
        yield { given: batchTensors(batch, course.train.dataset), count, index };
      }
    },
    look: (given) => given as unknown as Looked,
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
}

/** Batches that are gathered on the device, where the data is from now on. */
function residentSupply(run: Runtime, course: Course): Supply {
  const { train, test, batch } = course, pick = pickerOf(course), picks = pickRoom(batch);
  const upload = run.jit((data: Params) => data);
  const onDevice = (source: typeof train) => upload(residentData(source)) as ResidentData;
  const data = { train: onDevice(train), ...(test && { test: onDevice(test) }) };
  const drop = run.jit((_: Params): readonly Tensor[] => [], { donate: [0] });
  const padding = train.augmentation?.padding ?? 0;
  let next = 0;
  return {
    *take(count) {
      for (let i = 0; i < count; i++) {
        const { contents } = pick(next++);
        writePicks(contents, padding, picks);
        const { indices: { length }, index } = contents;
        yield { given: picksTensor(picks), count: length, index };
      }
    },
    look: (given, of) => batchOf(data[of]!, train.dataset, given as Tensor),
    [Symbol.dispose]: () => {
      try {
        drop(data);
      } catch {
        // A device that has failed holds nothing any more, and has said so already.
      }
    },
  };
}

/** Whether the device has room of its own for a course's data. */
export const fitsOn = (run: Runtime, { train, test }: Pick<Course, "train" | "test">): boolean =>
  residentBytes(train) + (test ? residentBytes(test) : 0) <= run.roomForData;

/** Begins a course. */
export const openSupply = (
  run: Runtime,
  course: Course,
  { resident, ahead }: { readonly resident: boolean; readonly ahead?: boolean | undefined },
): Supply => resident ? residentSupply(run, course) : hostSupply(course, ahead);
