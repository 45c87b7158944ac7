/**
 * The progress of a run on the terminal, and a line for each epoch.
 *
 * @module
 */
import { percent, type Reporter, speed } from "../cli/progress.ts";
import type { Observer, StageEvent } from "../run/events.ts";
import type { EpochRow } from "../run/tables.ts";

/** The accuracy of the tests, or the measures of other labels than classes. */
export function measureText(row: EpochRow): string {
  const { testAccuracy, testLabelAccuracy, testF1, testMeanAbsoluteError, testRSquared } = row;
  if (testRSquared !== undefined) {
    const error = Number(testMeanAbsoluteError!.toPrecision(4));
    return `mean absolute error ${error}, R² ${testRSquared.toFixed(4)}`;
  }
  if (testLabelAccuracy !== undefined) {
    return `label accuracy ${percent(testLabelAccuracy)}, F1 ${percent(testF1!)}`;
  }
  return `accuracy ${percent(testAccuracy)}`;
}

/** An epoch as a line. */
export function epochLine(row: EpochRow, epochs: number): string {
  const { epoch, trainLoss, trainAccuracy, testLoss, seconds } = row;
  const trained = Number.isNaN(trainAccuracy) ? "" : `, accuracy ${percent(trainAccuracy)}`;
  return [
    `epoch ${epoch}/${epochs}`,
    `train loss ${trainLoss.toFixed(4)}${trained}`,
    `test loss ${testLoss.toFixed(4)}, ${measureText(row)}`,
    `${seconds.toFixed(1)} s, ${speed(row.imagesPerSecond)}`,
  ].join(" | ");
}

/** An epoch of a stage as a line. */
const stageLine = ({ row: { stage, epoch, loss, seconds }, index, count }: StageEvent): string =>
  `stage ${index + 1}/${count}, ${stage}, epoch ${epoch} | loss ${loss.toPrecision(4)} | ` +
  `${seconds.toFixed(1)} s`;

/** Shows the progress of steps and epochs. */
export const showProgress = (reporter: Reporter): Observer => async (event) => {
  switch (event.kind) {
    case "step":
      return reporter.progress(event.progress, event.secondsLeft);
    case "stage":
      return await reporter.say(stageLine(event));
    case "epoch":
      return await reporter.say(epochLine(event.row, event.epochs));
    case "weights":
    case "failure":
      return await reporter.stop();
  }
};
