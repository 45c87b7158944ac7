/**
 * News of a training that is made up, for tests.
 *
 * @module
 */
import type { Progress } from "../../../src/train/mod.ts";
import type { News, RunNews } from "../../../tasks/live/events.ts";
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

/** News of a run. */
export function of(news: RunNews, key = ""): News {
  return { kind: "run", key, news };
}

/** The run that begins. */
export const BEGIN: News = of({ kind: "begin", facts: FACTS });

/** A step's means since its epoch began. */
export function progress(
  step: number,
  trainLoss: number,
  imagesPerSecond: number,
  trainAccuracy = 0.5,
): News {
  const epoch = Math.ceil(step / 100) - 1;
  const at: Progress = { step, steps: 200, epoch, trainLoss, trainAccuracy, imagesPerSecond };
  return of({ kind: "progress", at, left: 10 });
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
export const epoch = (...row: Parameters<typeof rowOf>): News =>
  of({ kind: "epoch", row: rowOf(...row), left: 5 });
