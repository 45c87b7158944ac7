/**
 * The best epoch of a training run, and when to stop for want of a better one.
 *
 * @module
 */
import type { EpochRecord } from "./events.ts";

/** By what epochs are compared: test accuracy, test loss, or a number that is larger for better ones. */
export type BestMetric = "accuracy" | "loss" | ((epoch: EpochRecord) => number);

/** What the best epoch is, and when training ends early. */
export interface BestOptions {
  /**
   * By what epochs are compared; `accuracy` if left out, or the loss where labels are numbers. Without test images only a function of one's own
   * will do, such as `({ trainLoss }) => -trainLoss`.
   */
  readonly metric?: BestMetric | undefined;
  /** Training ends after so many epochs without a better one; never for that reason if left out. */
  readonly patience?: number | undefined;
  /** By how much an epoch must be better than the best one to count; 0, so any bit, if left out. */
  readonly minDelta?: number | undefined;
}

/** The number of an epoch, larger for a better one; NaN where it has none. */
function valueOf(epoch: EpochRecord, metric: BestMetric | undefined): number {
  if (typeof metric === "function") return metric(epoch);
  const { test } = epoch;
  if (!test) return NaN;
  const isLoss = metric === "loss" || metric === undefined && Number.isNaN(test.accuracy);
  return isLoss ? -test.loss : test.accuracy;
}

/** The index of the best epoch, the first of equal ones; undefined while none has a number. */
export function findBest(
  epochs: readonly EpochRecord[],
  { metric, minDelta = 0 }: BestOptions,
): number | undefined {
  let best: number | undefined, most = -Infinity;
  for (const [i, epoch] of epochs.entries()) {
    const value = valueOf(epoch, metric);
    if (value > most + (best === undefined ? 0 : minDelta)) [best, most] = [i, value];
  }
  return best;
}

/** Whether training ends because the best epoch was too long ago. */
export function outOfPatience(epochs: readonly EpochRecord[], options: BestOptions): boolean {
  const { patience = Infinity } = options;
  return epochs.length - 1 - (findBest(epochs, options) ?? -1) >= patience && epochs.length > 0;
}

/** Throws RangeError on numbers that make no sense, and on a metric of test images where there are none. */
export function checkBest(options: BestOptions | undefined, isTested: boolean): void {
  if (!options) return;
  const { metric = "accuracy", patience = 1, minDelta = 0 } = options;
  if (!(Number.isInteger(patience) && patience >= 1)) {
    throw new RangeError(
      `fit: expected best.patience to be an integer of at least 1, found ${patience}`,
    );
  }
  if (!(minDelta >= 0 && minDelta < Infinity)) {
    throw new RangeError(`fit: expected best.minDelta of at least 0, found ${minDelta}`);
  }
  if (typeof metric === "function") return;
  if (metric !== "accuracy" && metric !== "loss") {
    throw new RangeError(
      `fit: expected best.metric to be accuracy, loss or a function, found ${metric}`,
    );
  }
  if (!isTested) {
    throw new RangeError(
      `fit: expected test images for best.metric ${metric}, found none; ` +
        "a function of the epoch may compare training losses",
    );
  }
}

/** The options as a text, for a fingerprint. */
export const describeBest = ({ metric = "accuracy", minDelta = 0 }: BestOptions): string =>
  `by ${typeof metric === "function" ? "a function" : metric}, at least ${minDelta} better`;
