/**
 * Accuracy by epoch, of all runs of an experiment: as a file and as a table.
 *
 * @module
 */
import { toMeasure } from "./measure.ts";
import { stringify } from "@std/csv";
import { writeAtomically } from "../../src/train/mod.ts";
import { aligned } from "../cli/align.ts";
import { fixed, NONE } from "../cli/format.ts";
import { readRun } from "../run/read_run.ts";
import { summarize } from "../plots/statistics.ts";
import type { PaperByEpoch } from "./description.ts";
import type { ExperimentRecord } from "./record.ts";

/** A run after an epoch. */
export interface CurvePoint {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  readonly epoch: number;
  readonly trainLoss: number;
  readonly testAccuracy: number;
}

const COLUMNS = ["row", "column", "seed", "epoch", "trainLoss", "testAccuracy"] as const;

/** All epochs of all runs that have been begun. */
export async function readCurves(out: string, { cells }: ExperimentRecord): Promise<CurvePoint[]> {
  const begun = cells.filter(({ status }) => status === "done" || status === "n/c");
  const all = await Promise.all(begun.map(async ({ row, column, seed, run }) => {
    const { epochs } = await readRun(`${out}/${run}`, run);
    return epochs.map(({ epoch, trainLoss, testAccuracy }) => (
      { row, column, seed, epoch, trainLoss, testAccuracy }
    ));
  }));
  return all.flat();
}

/** Writes `curves.csv`. */
export const writeCurves = (out: string, points: readonly CurvePoint[]): Promise<void> =>
  writeAtomically(
    `${out}/curves.csv`,
    stringify(points.map((point) => ({ ...point })), { columns: COLUMNS }),
  );

/** About ten of the epochs, the last among them. */
function chosen(epochs: readonly number[], wanted: readonly number[]): readonly number[] {
  if (wanted.length > 0) return epochs.filter((epoch) => wanted.includes(epoch));
  const last = epochs.at(-1) ?? 0, every = Math.ceil(last / 10);
  return epochs.filter((epoch) => epoch === 1 || epoch % every === 0 || epoch === last);
}

/** For each row of the experiment a table: a line an epoch, the means over seeds, the paper's behind. */
export function curvesTable(
  record: ExperimentRecord,
  points: readonly CurvePoint[],
  paper: PaperByEpoch = {},
): string {
  return record.rows.flatMap((row) => {
    const own = points.filter((point) => point.row === row);
    const theirs = record.paper ? paper[row] ?? {} : {};
    if (own.length === 0) return [];
    const all = [...new Set(own.map(({ epoch }) => epoch))].sort((a, b) => a - b);
    const wanted = [...new Set(Object.values(theirs).flatMap((x) => Object.keys(x).map(Number)))];
    const at = (column: string, epoch: number) => {
      const found = own.filter((point) => point.column === column && point.epoch === epoch);
      const mean = summarize(found.map((point) => toMeasure(record, point.testAccuracy)))?.mean;
      const number = theirs[column]?.[epoch];
      return (mean === undefined ? NONE : fixed(mean, 2)) +
        (number === undefined ? "" : ` (${fixed(number, 2)})`);
    };
    const lines = chosen(all, wanted).map((epoch) => [
      String(epoch),
      ...record.columns.map((column) => at(column, epoch)),
    ]);
    const named = wanted.length > 0 ? " (the paper's in parentheses)" : "";
    return [
      `${row}: ${record.measure} by epoch${named}`,
      ...aligned([["epoch", ...record.columns], ...lines], 0),
      "",
    ];
  }).join("\n");
}
