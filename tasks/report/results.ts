/**
 * What a report is about: runs in rows and columns, and what the paper has in their place.
 *
 * @module
 */
import type { Run } from "../run/read_run.ts";

/** How a cell of the plan stands. `n/c`: it did not converge. */
export type CellStatus = "done" | "n/c" | "failed" | "pending" | "running" | "stopped";

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

/** The paper's numbers by row and column, in the unit of the measure. */
export type Paper = Readonly<Record<string, Readonly<Record<string, number | "n/c">>>>;

/** A name and what there is to say of it. */
export type Fact = readonly [name: string, value: string];

/** Everything that a report tells. */
export interface Results {
  readonly kind: "run" | "runs" | "experiment";
  readonly title: string;
  readonly question?: string | undefined;
  /** What the numbers are, such as `test accuracy, %`. */
  readonly measure: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly paper?: Paper | undefined;
  /** What was made smaller than in the paper; undefined where nothing tells. */
  readonly scaled?: readonly string[] | undefined;
  readonly cells: readonly Cell[];
  /** What is known of the whole, beside its runs. */
  readonly facts: readonly Fact[];
  readonly missing: readonly string[];
}

/** Whether less is better: the measure is an error. */
export const isError = ({ measure }: Pick<Results, "measure">): boolean =>
  /\berrors?\b/i.test(measure);

/** An accuracy from 0 to 1 in the unit of the measure, percent. */
export const measured = (results: Pick<Results, "measure">, accuracy: number): number =>
  100 * (isError(results) ? 1 - accuracy : accuracy);
