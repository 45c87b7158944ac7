/**
 * The outcome of a run, from its manifest, and whether it converged.
 *
 * @module
 */
import { classCounts, type Dataset } from "../../src/data/mod.ts";
import type { InitCost } from "../run/manifest.ts";
import type { EpochRow } from "../run/tables.ts";

/** The status of a run of an experiment; `n/c`: it did not converge. */
export type CellStatus = "done" | "n/c" | "failed" | "pending";

/** The outcome of a run. */
export interface CellOutcome extends Partial<InitCost> {
  readonly status: CellStatus;
  /** The fraction of test images classified correctly after the last epoch, 0 to 1. */
  readonly accuracy?: number;
  /** The test loss after the last epoch. */
  readonly loss?: number;
  /** The fraction of training images classified correctly in the last epoch, 0 to 1. */
  readonly trainAccuracy?: number;
  /** The training loss of the last epoch. */
  readonly trainLoss?: number;
  /** Completed epochs. */
  readonly epochs?: number;
  readonly seconds?: number | undefined;
  readonly imagesPerSecond?: number;
  /** What went wrong. */
  readonly message?: string | undefined;
}

/** Whether a run is still to be trained: it never was, or failed, as by lack of memory. */
export const isOpen = ({ status }: { readonly status: CellStatus }): boolean =>
  status === "pending" || status === "failed";

/** The fields of a run's manifest at its end. */
export interface Ending {
  readonly status?: string | undefined;
  readonly fault?: string | undefined;
  readonly results?: {
    readonly seconds?: number;
    readonly lastEpoch?: EpochRow | undefined;
    readonly fault?: string | undefined;
  } | undefined;
  readonly initialisation?: InitCost | undefined;
}

/** Standard deviations above the chance level that still count as chance. */
const DEVIATIONS = 3;

/**
 * The accuracy up to which a net has learned nothing: that of always predicting the most frequent class of
 * the test images, plus three standard deviations of such guesses.
 */
export function chanceLevel(test: Dataset): number {
  const share = Math.max(...classCounts(test)) / test.count;
  return Math.min(1, share + DEVIATIONS * Math.sqrt(share * (1 - share) / test.count));
}

/** Whether a run has ended for good, so that it is not trained again. */
export const hasEnded = ({ status }: Ending): boolean =>
  status === "finished" || (status?.startsWith("diverged") ?? false);

/** Classifies a run that has ended: done, or not converged where it diverged or stayed at the chance level. */
export function classifyOutcome(
  { status, results = {}, initialisation }: Ending,
  chance: number,
): CellOutcome {
  const { lastEpoch, seconds, fault } = results;
  const costs = { epochs: lastEpoch?.epoch ?? 0, seconds, ...initialisation };
  if (status !== "finished" || !lastEpoch) return { status: "n/c", ...costs, message: fault };
  const { testAccuracy: accuracy, testLoss: loss, imagesPerSecond } = lastEpoch;
  const { trainAccuracy, trainLoss } = lastEpoch;
  const found = { accuracy, loss, trainAccuracy, trainLoss, ...costs, imagesPerSecond };
  if (accuracy > chance) return { status: "done", ...found };
  const message = `accuracy ${accuracy} is not above chance, which reaches to ${chance.toFixed(4)}`;
  return { status: "n/c", ...found, message };
}
