/**
 * The tables of a record: those of all its runs together, with the run in the first column.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { TaskError } from "../../cli/command.ts";
import { type Cells, type CsvTable, parseLines } from "../../run/csv.ts";
import { RUN_FILES } from "../../run/files.ts";
import { EPOCHS, LAYERS, LSUV, STEPS } from "../../run/tables.ts";

/** The files of a record, beside the description of an experiment. */
export const RECORD_FILES = {
  /** The manifests by run. */
  runs: "runs.json",
  epochs: "run-epochs.csv",
  lsuv: "run-lsuv.csv",
  layers: "run-layers.csv",
  steps: "run-steps.csv",
} as const;

/** The tables of a run that a record holds. */
export const TABLES = { epochs: EPOCHS, lsuv: LSUV, layers: LAYERS, steps: STEPS } as const;

/** The name of one of them. */
export type TableName = keyof typeof TABLES;

/** The names of all of them. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** The first column. */
const RUN = "run";

/** Rows by the run that they are of. */
export type RowsByRun = ReadonlyMap<string, readonly object[]>;

/** The text of a record's table; undefined where no run has a row. */
export function joinTables(name: TableName, rows: RowsByRun): string | undefined {
  const { columns, optional = [] } = TABLES[name] as CsvTable<object>;
  const all = [...rows].flatMap(([run, own]) => own.map((row) => ({ [RUN]: run, ...row })));
  if (all.length === 0) return undefined;
  const used = Object.keys(columns).filter((column) =>
    !optional.includes(column) || all.some((row) => (row as Record<string, unknown>)[column])
  );
  return stringify(all, { columns: [RUN, ...used] });
}

/** The columns of a run's table: optional ones only where the run has a value in them. */
const usedColumns = (name: TableName, rows: readonly Cells[]): readonly string[] => {
  const { optional = [] } = TABLES[name] as CsvTable<object>;
  return Object.keys(rows[0]!).filter((column) =>
    column !== RUN && (!optional.includes(column) || rows.some((row) => row[column] !== ""))
  );
};

/** The texts of the runs' tables by their paths, relative to the record. */
export function splitTable(
  name: TableName,
  text: string,
  file: string,
): ReadonlyMap<string, string> {
  const rows = parseLines(file, text);
  if (rows.some((row) => !row[RUN])) {
    throw new TaskError(`${file}: expected the run in the column ${RUN}, found none`);
  }
  const byRun = Map.groupBy(rows, (row) => row[RUN]!);
  return new Map([...byRun].map(([run, own]) => [
    `${run}/${RUN_FILES[name]}`,
    stringify(own, { columns: [...usedColumns(name, own)] }),
  ]));
}
