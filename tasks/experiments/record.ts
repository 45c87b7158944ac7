/**
 * `experiment.json`: the description of an experiment and the outcomes of its runs.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import type { Settings } from "../run/settings.ts";
import type { PaperNumbers } from "./description.ts";
import type { Finding } from "./findings/finding.ts";
import type { Measure } from "./measure.ts";
import type { CellOutcome } from "./outcome.ts";

/** A run of an experiment. */
export interface CellRecord extends CellOutcome {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  /** Its folder, relative to the results' folder. */
  readonly run: string;
  /** The command that trains the same run by itself. */
  readonly command: string;
  readonly settings: Settings;
}

/** The content of `experiment.json`. */
export interface ExperimentRecord {
  readonly format: 1;
  readonly task: string;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly measure: Measure;
  /** Whether the table has the loss and accuracy on training images too. */
  readonly training?: boolean;
  readonly seeds: readonly number[];
  readonly paper: PaperNumbers | null;
  /** What differs from the paper, a sentence each. */
  readonly scaled: readonly string[];
  readonly command: string;
  readonly version: string;
  readonly device: string;
  readonly dataset: {
    readonly name: string;
    readonly fingerprint: string;
    readonly train: number;
    readonly test: number;
    readonly note: string;
  };
  readonly startedAt: string;
  /** Whether the accuracy by second is part of the answer. */
  readonly bySecond?: boolean | undefined;
  /** What was measured beside accuracies. */
  readonly findings?: readonly Finding[] | undefined;
  readonly cells: readonly CellRecord[];
}

/** The path of a folder's record. */
export const recordPath = (folder: string): string => `${folder}/experiment.json`;

/** Writes a folder's `experiment.json`. */
export const writeRecord = (folder: string, record: ExperimentRecord): Promise<void> =>
  writeFile(recordPath(folder), JSON.stringify(record, null, 1) + "\n");
