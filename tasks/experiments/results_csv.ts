/**
 * `results.csv`: one line per run.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import { type CsvTable, csvText } from "../run/csv.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** `results.csv`. */
const RESULTS: CsvTable<Omit<CellRecord, "command" | "settings">> = {
  file: "results.csv",
  columns: {
    row: "text",
    column: "text",
    seed: "number",
    status: "text",
    accuracy: "number",
    loss: "number",
    trainAccuracy: "number",
    trainLoss: "number",
    epochs: "number",
    forwardPasses: "number",
    initSeconds: "number",
    seconds: "number",
    imagesPerSecond: "number",
    run: "text",
    message: "text",
  },
};

/** The runs as comma-separated values. */
export const resultsCsv = ({ cells, dataset }: ExperimentRecord): string =>
  csvText(RESULTS, cells, dataset.name);

/** Writes a folder's `results.csv`. */
export const writeResults = (folder: string, record: ExperimentRecord): Promise<void> =>
  writeFile(`${folder}/${RESULTS.file}`, resultsCsv(record));
