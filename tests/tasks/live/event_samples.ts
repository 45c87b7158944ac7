/**
 * Events of a training that is made up, for tests.
 *
 * @module
 */
import type { Progress } from "../../../src/train/mod.ts";
import type { LiveEvent, LiveRunEvent } from "../../../tasks/live/events.ts";
import type { RunFacts } from "../../../tasks/live/view.ts";
import type { EpochRow } from "../../../tasks/run/tables.ts";

/** Two epochs of 100 steps. */
export const FACTS: RunFacts = {
  name: "a run",
  epochs: 2,
  stepsPerEpoch: 100,
  batch: 10,
  drops: [],
  loss: "softmax",
  within: null,
  folder: "runs/a",
};

/** An event of a run. */
export function of(event: LiveRunEvent, key = ""): LiveEvent {
  return { kind: "run", key, event };
}

/** The run that starts. */
export const START: LiveEvent = of({ kind: "start", facts: FACTS });

/** A step's means since its epoch began. */
export function progress(
  step: number,
  trainLoss: number,
  imagesPerSecond: number,
  trainAccuracy = 0.5,
): LiveEvent {
  const epoch = Math.ceil(step / 100) - 1;
  const at: Progress = { step, steps: 200, epoch, trainLoss, trainAccuracy, imagesPerSecond };
  return of({ kind: "step", progress: at, secondsLeft: 10 });
}

/** An epoch's row. */
export function rowOf(epoch: number, trainLoss: number, imagesPerSecond: number): EpochRow {
  const tested = { testLoss: 1, testAccuracy: 0.6, seconds: 1 };
  return {
    epoch,
    step: 100 * epoch,
    trainLoss,
    trainAccuracy: 0.5,
    ...tested,
    imagesPerSecond,
  };
}

/** An epoch's end. */
export const epoch = (...row: Parameters<typeof rowOf>): LiveEvent =>
  of({ kind: "epoch", row: rowOf(...row), secondsLeft: 5 });
