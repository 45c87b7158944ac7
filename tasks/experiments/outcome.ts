/**
 * What a run came to, by its manifest; and when it counts as not converged.
 *
 * @module
 */
import { classCounts, type Dataset } from "../../src/data/mod.ts";
import type { CellOutcome } from "./record.ts";
import type { InitCost } from "../run/manifest.ts";
import type { EpochRow } from "../run/tables.ts";

/** What a run's manifest says at its end. */
export interface Ending {
  readonly status?: string | undefined;
  readonly fault?: string;
  readonly results?: {
    readonly seconds?: number;
    readonly lastEpoch?: EpochRow;
    readonly fault?: string;
  };
  readonly initialisation?: InitCost;
}

/** Standard deviations above chance that still count as chance. */
const DEVIATIONS = 3;

/**
 * The accuracy up to which a net has learnt nothing: that of always naming the commonest class of the
 * test images, and three standard deviations of so many guesses more.
 */
export function chanceLevel(test: Dataset): number {
  const share = Math.max(...classCounts(test)) / test.count;
  return Math.min(1, share + DEVIATIONS * Math.sqrt(share * (1 - share) / test.count));
}

/** Whether a run has ended for good, so that it is never made again. */
export const hasEnded = ({ status }: Ending): boolean =>
  status === "finished" || (status?.startsWith("diverged") ?? false);

/** What a run that has ended came to. */
export function outcomeOf(
  { status, results = {}, initialisation }: Ending,
  chance: number,
): CellOutcome {
  const { lastEpoch, seconds, fault } = results;
  const costs = { epochs: lastEpoch?.epoch ?? 0, seconds, ...initialisation };
  if (status !== "finished" || !lastEpoch) return { status: "n/c", ...costs, message: fault };
  const { testAccuracy: accuracy, testLoss: loss, imagesPerSecond } = lastEpoch;
  const found = { accuracy, loss, ...costs, imagesPerSecond };
  if (accuracy > chance) return { status: "done", ...found };
  const message = `accuracy ${accuracy} is not above chance, which reaches to ${chance.toFixed(4)}`;
  return { status: "n/c", ...found, message };
}
