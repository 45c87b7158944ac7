/**
 * What a report is about: runs in rows and columns, and what the paper has in their place.
 *
 * @module
 */
import type { PaperNumbers } from "../experiments/description.ts";
import type { CellStatus as RecordedStatus } from "../experiments/outcome.ts";
import type { Run } from "../run/read_run.ts";

/** How a cell stands: as an experiment records it, or a run by itself that has not ended. */
export type CellStatus = RecordedStatus | "running" | "stopped";

/** One run of the plan, made or not. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  readonly status: CellStatus;
  /** The share of test images that were named rightly, 0 to 1. */
  readonly accuracy?: number | undefined;
  readonly loss?: number | undefined;
  readonly epochs?: number | undefined;
  readonly seconds?: number | undefined;
  readonly imagesPerSecond?: number | undefined;
  /** Seconds until the initial parameters were there, and batches sent through for them. */
  readonly initSeconds?: number | undefined;
  readonly forwardPasses?: number | undefined;
  /** The command that makes the run by itself. */
  readonly command?: string | undefined;
  /** What went wrong. */
  readonly message?: string | undefined;
  /** The run's folder, from the results' folder. */
  readonly folder: string;
  readonly run?: Run | undefined;
}

/** A name and what there is to say of it. */
export type Fact = readonly [name: string, value: string];

/** Everything that a report is written from. */
export interface Results {
  readonly kind: "run" | "runs" | "experiment";
  readonly title: string;
  readonly question?: string | undefined;
  /** What the numbers are, such as `test accuracy, %`. */
  readonly measure: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly paper?: PaperNumbers | undefined;
  /** What was made smaller than in the paper; undefined where that is not known. */
  readonly scaled?: readonly string[] | undefined;
  readonly cells: readonly Cell[];
  /** What is known of the whole, beside its runs. */
  readonly facts: readonly Fact[];
  readonly missing: readonly string[];
}
