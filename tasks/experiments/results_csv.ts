/**
 * `results.csv`: a line a run.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { writeAtomically } from "../../src/train/mod.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

const COLUMNS = [
  "row",
  "column",
  "seed",
  "status",
  "accuracy",
  "loss",
  "epochs",
  "forwardPasses",
  "initSeconds",
  "seconds",
  "imagesPerSecond",
  "run",
  "message",
] as const satisfies readonly (keyof CellRecord)[];

/** The runs as comma-separated values. */
export const resultsCsv = ({ cells, dataset }: ExperimentRecord): string =>
  stringify(cells.map((cell) => ({ ...cell, data: dataset.name })), {
    columns: [...COLUMNS, "data"],
  });

/** Writes a folder's `results.csv`. */
export const writeResults = (folder: string, record: ExperimentRecord): Promise<void> =>
  writeAtomically(`${folder}/results.csv`, resultsCsv(record));
