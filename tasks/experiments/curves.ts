/**
 * Accuracy by epoch of all runs of an experiment, as a file and as a table.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { writeFile } from "../cli/write_file.ts";
import { aligned } from "../cli/align.ts";
import { fixed, NONE } from "../cli/format.ts";
import { summarize } from "../plots/statistics.ts";
import { readRun } from "../run/read_run.ts";
import type { PaperByEpoch } from "./description.ts";
import { toMeasure } from "./measure.ts";
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

/** All epochs of all runs that have ended. */
export async function readCurves(out: string, { cells }: ExperimentRecord): Promise<CurvePoint[]> {
  const ended = cells.filter(({ status }) => status === "done" || status === "n/c");
  const all = await Promise.all(ended.map(async ({ row, column, seed, run }) => {
    const { epochs } = await readRun(`${out}/${run}`, run);
    return epochs.map(({ epoch, trainLoss, testAccuracy }) => (
      { row, column, seed, epoch, trainLoss, testAccuracy }
    ));
  }));
  return all.flat();
}

/** Writes `curves.csv`. */
export const writeCurves = (out: string, points: readonly CurvePoint[]): Promise<void> =>
  writeFile(
    `${out}/curves.csv`,
    stringify(points.map((point) => ({ ...point })), { columns: COLUMNS }),
  );

/** The paper's numbers of a row, by column and epoch. */
type PaperOfRow = PaperByEpoch[string];

/** The epochs that the paper has numbers of. */
const paperEpochs = (paper: PaperOfRow): readonly number[] => [
  ...new Set(Object.values(paper).flatMap((numbers) => Object.keys(numbers).map(Number))),
];

/** The epochs of a table: the paper's, else about ten, the last among them. */
function selectEpochs(points: readonly CurvePoint[], paper: readonly number[]): readonly number[] {
  const epochs = [...new Set(points.map(({ epoch }) => epoch))].sort((a, b) => a - b);
  if (paper.length > 0) return epochs.filter((epoch) => paper.includes(epoch));
  const last = epochs.at(-1) ?? 0, every = Math.ceil(last / 10);
  return epochs.filter((epoch) => epoch === 1 || epoch % every === 0 || epoch === last);
}

/** A mean over seeds, followed by the paper's number where there is one. */
function meanText(
  record: ExperimentRecord,
  points: readonly CurvePoint[],
  paper: number | undefined,
): string {
  const mean = summarize(points.map((point) => toMeasure(record, point.testAccuracy)))?.mean;
  const found = mean === undefined ? NONE : fixed(mean, 2);
  return paper === undefined ? found : `${found} (${fixed(paper, 2)})`;
}

/** The table of a row: one line per epoch. */
function rowTable(
  record: ExperimentRecord,
  row: string,
  points: readonly CurvePoint[],
  paper: PaperOfRow,
): readonly string[] {
  const theirs = paperEpochs(paper), { columns, measure } = record;
  const lines = selectEpochs(points, theirs).map((epoch) => [
    String(epoch),
    ...columns.map((column) => {
      const found = points.filter((point) => point.column === column && point.epoch === epoch);
      return meanText(record, found, paper[column]?.[epoch]);
    }),
  ]);
  const legend = theirs.length > 0 ? " (the paper's in parentheses)" : "";
  return [
    `${row}: ${measure} by epoch${legend}`,
    ...aligned([["epoch", ...columns], ...lines], 0),
    "",
  ];
}

/** One table per row of the experiment: a line per epoch with the means over seeds, and the paper's numbers. */
export const curvesTable = (
  record: ExperimentRecord,
  points: readonly CurvePoint[],
  paper: PaperByEpoch = {},
): string =>
  record.rows.flatMap((row) => {
    const own = points.filter((point) => point.row === row);
    return own.length === 0 ? [] : rowTable(record, row, own, record.paper ? paper[row] ?? {} : {});
  }).join("\n");
