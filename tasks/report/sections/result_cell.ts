/**
 * A cell of the table of results: the mean over seeds, and the paper's number.
 *
 * @module
 */
import { counted, fixed, NONE, signed } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { spreadText, summarize, type Summary } from "../../plots/statistics.ts";
import type { Cell, CellStatus, Results } from "../results.ts";

/** The summary of the runs of a row and a column. */
export interface ResultSummary {
  /** Over the seeds that are done, or over those in progress where none is. */
  readonly summary?: Summary | undefined;
  /** The number of runs by status. */
  readonly counts: Readonly<Partial<Record<CellStatus, number>>>;
  readonly paper?: number | "n/c" | undefined;
  /** The mean minus the paper's number, in points. */
  readonly difference?: number | undefined;
}

const IN_PROGRESS: readonly CellStatus[] = ["running", "stopped"];

/** The numbers of the cells with these statuses. */
const measuredNumbers = (results: Results, cells: readonly Cell[], of: readonly CellStatus[]) =>
  cells.filter(({ status }) => of.includes(status)).flatMap(({ accuracy }) =>
    accuracy === undefined ? [] : [toMeasure(results, accuracy)]
  );

/** Summarizes the runs of a row and a column. */
export function summarizeCells(results: Results, row: string, column: string): ResultSummary {
  const cells = results.cells.filter((cell) => cell.row === row && cell.column === column);
  const counts: Partial<Record<CellStatus, number>> = {};
  for (const { status } of cells) counts[status] = (counts[status] ?? 0) + 1;
  const summary = summarize(measuredNumbers(results, cells, ["done"])) ??
    summarize(measuredNumbers(results, cells, IN_PROGRESS));
  const paper = results.paper?.[row]?.[column];
  const difference = summary && typeof paper === "number" ? summary.mean - paper : undefined;
  return { summary, counts, paper, difference };
}

const WORDS: readonly (readonly [CellStatus, string])[] = [
  ["done", "done"],
  ["running", "in progress"],
  ["stopped", "stopped"],
  ["n/c", "n/c"],
  ["failed", "failed"],
  ["pending", "pending"],
];

/** `3 seeds`, or `1 done, 1 n/c, 1 pending` where statuses differ. */
export function countsText({ counts }: ResultSummary): string {
  const there = WORDS.filter(([status]) => counts[status]);
  if (there.length === 1 && counts.done) return counted(counts.done, "seed");
  return there.map(([status, word]) => `${counts[status]} ${word}`).join(", ");
}

/** The number of a cell, or what became of its runs. */
export function headline({ summary, counts }: ResultSummary): string {
  if (summary) return spreadText(summary);
  return counts["n/c"] ? "n/c" : counts.failed ? "failed" : counts.pending ? "pending" : NONE;
}

function paperLine({ paper, difference }: ResultSummary): string {
  if (paper === undefined) return "not in the paper";
  if (paper === "n/c") return "paper n/c";
  return `paper ${fixed(paper, 2)}` +
    (difference === undefined ? "" : ` (${signed(difference, 2)})`);
}

/** The lines of a cell: the number, the paper's where there is one, the number of runs. */
export const resultLines = (results: Results, summary: ResultSummary): readonly string[] => [
  headline(summary),
  ...(results.paper ? [paperLine(summary)] : []),
  ...(Object.keys(summary.counts).length > 0 ? [countsText(summary)] : []),
];

/** The progress of all runs: `12 of 20 runs done, 1 n/c, 7 pending`. */
export function progressText({ cells }: Results): string {
  const count = (status: CellStatus) => cells.filter((cell) => cell.status === status).length;
  const others = WORDS.slice(1).filter(([status]) => count(status) > 0);
  return [
    `${count("done")} of ${counted(cells.length, "run")} done`,
    ...others.map(([status, word]) => `${count(status)} ${word}`),
  ].join(", ");
}
