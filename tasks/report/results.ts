/**
 * The results that a report is written from: runs in rows and columns, and the paper's numbers.
 *
 * @module
 */
import type { PaperNumbers } from "../experiments/description.ts";
import type { CellStatus as RecordedStatus } from "../experiments/outcome.ts";
import type { Finding } from "../experiments/findings/finding.ts";
import type { ConfusionMatrix } from "../plots/confusion.ts";
import type { Run } from "../run/read_run.ts";

/** The status of a run: as an experiment records it, or of a single run that has not ended. */
export type CellStatus = RecordedStatus | "running" | "stopped";

/** One run of the plan, trained or not. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  readonly status: CellStatus;
  /** The fraction of test images classified correctly, 0 to 1. */
  readonly accuracy?: number | undefined;
  readonly loss?: number | undefined;
  /** The fraction of training images classified correctly in the last epoch, 0 to 1. */
  readonly trainAccuracy?: number | undefined;
  readonly epochs?: number | undefined;
  readonly seconds?: number | undefined;
  readonly imagesPerSecond?: number | undefined;
  /** Seconds to compute the initial parameters, and LSUV's forward passes. */
  readonly initSeconds?: number | undefined;
  readonly forwardPasses?: number | undefined;
  /** The command that trains the run by itself. */
  readonly command?: string | undefined;
  /** What went wrong. */
  readonly message?: string | undefined;
  /** The run's folder, relative to the results' folder. */
  readonly folder: string;
  readonly run?: Run | undefined;
}

/** A fact: a name and its value. */
export type Fact = readonly [name: string, value: string];

/** The results of a run, of several runs, or of an experiment. */
export interface Results {
  readonly kind: "run" | "runs" | "experiment";
  readonly title: string;
  readonly question?: string | undefined;
  /** The measure of the numbers, such as `test accuracy, %`. */
  readonly measure: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly paper?: PaperNumbers | undefined;
  /** What was scaled down from the paper; undefined where that is not known. */
  readonly scaled?: readonly string[] | undefined;
  readonly cells: readonly Cell[];
  /** Test images, where all runs have the same. */
  readonly testImages?: number | undefined;
  /** Whether the accuracy by second is part of the answer. */
  readonly bySecond?: boolean | undefined;
  /** What was measured beside accuracies. */
  readonly findings?: readonly Finding[] | undefined;
  /** How often images of each class were taken for each, where one run has been evaluated. */
  readonly confusion?: ConfusionMatrix | undefined;
  /** Facts about the whole, beside its runs. */
  readonly facts: readonly Fact[];
  readonly missing: readonly string[];
}

/** Results with their rows as columns, and their columns as rows. */
export function transposed(results: Results): Results {
  const { rows, columns, paper, cells } = results;
  return {
    ...results,
    rows: columns,
    columns: rows,
    paper: paper && Object.fromEntries(
      columns.map((column) => [
        column,
        Object.fromEntries(rows.flatMap((row) => {
          const number = paper[row]?.[column];
          return number === undefined ? [] : [[row, number]];
        })),
      ]),
    ),
    cells: cells.map((cell) => ({ ...cell, row: cell.column, column: cell.row })),
  };
}
