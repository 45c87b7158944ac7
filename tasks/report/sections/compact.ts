/**
 * Tables of results for pages that have other text: one line in each cell.
 *
 * @module
 */
import { capitalize, duration, fixed, grouped, NONE } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { spreadText, summarize } from "../../plots/statistics.ts";
import { plainTable, type TableBlock } from "../document.ts";
import type { Cell, Results } from "../results.ts";
import { countsText, headline, type ResultSummary, summarizeCells } from "./result_cell.ts";

/** The measure of results at the start of a sentence: `Test error, %`. */
const measureText = ({ measure }: Results): string => capitalize(measure).replace(/,? %$/, ", %");

/** A published number as text. */
const published = ({ paper }: ResultSummary): string | undefined =>
  paper === undefined ? undefined : paper === "n/c" ? paper : fixed(paper, 2);

/** The number of seeds, or of runs by what became of them. */
const seedsText = (summary: ResultSummary): string =>
  countsText(summary).replace(/^(\d+) seeds?$/, "$1");

/** The cells of a row and a column, or of a row. */
const cellsOf = ({ cells }: Results, row: string, column: string): readonly Cell[] =>
  cells.filter((cell) => cell.row === row && cell.column === column);

/** The mean of a number over the runs that have it; undefined where none has. */
const meanOf = (cells: readonly Cell[], value: (cell: Cell) => number | undefined) =>
  summarize(cells.map((cell) => value(cell) ?? NaN).filter(Number.isFinite))?.mean;

/** Whether runs of a row and a column differ in how they ended, or in their number, from those of others. */
function usualCounts(results: Results): string {
  const counts = results.rows.flatMap((row) =>
    results.columns.map((column) => countsText(summarizeCells(results, row, column)))
  ).filter((text) => text.endsWith("seed") || text.endsWith("seeds"));
  const groups = [...Map.groupBy(counts, (text) => text)];
  return groups.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "";
}

/** The number of a row and a column, with the published one in parentheses, and counts where they are unusual. */
function cellText(results: Results, row: string, column: string, usual: string): string {
  const summary = summarizeCells(results, row, column), theirs = published(summary);
  if (Object.keys(summary.counts).length === 0) return NONE;
  const counts = countsText(summary),
    apart = counts !== usual && !/^\d+ (n\/c|pending)$/.test(counts);
  return headline(summary) + (theirs === undefined ? "" : ` (${theirs})`) +
    (apart ? `; ${counts}` : "");
}

/** Rows by columns. */
function gridTable(results: Results): TableBlock {
  const { rows, columns, paper } = results, usual = usualCounts(results);
  return plainTable(
    `${measureText(results)}${usual ? `, ${usual}` : ""}${
      usual.endsWith("seeds") ? ": mean ± standard deviation" : ""
    }${paper ? "; in parentheses the published number" : ""}. n/c: did not converge.`,
    ["", ...columns],
    rows.map((row) => [row, ...columns.map((column) => cellText(results, row, column, usual))]),
    columns.map((_, i) => i + 1),
  );
}

/** One column: a line for each row, with its seeds and what it took. */
function listTable(results: Results): TableBlock {
  const { rows, columns: [column = ""], measure, paper } = results;
  const apart = measure.includes(column) ? "" : `, ${column}`;
  const withPasses = results.cells.some(({ forwardPasses }) => forwardPasses !== undefined);
  const line = (row: string) => {
    const own = cellsOf(results, row, column), summary = summarizeCells(results, row, column);
    const epochs = meanOf(own, ({ epochs }) => epochs),
      seconds = meanOf(own, ({ seconds }) => seconds);
    const cost = [
      meanOf(own, ({ initSeconds }) => initSeconds),
      meanOf(own, (cell) => cell.forwardPasses),
    ];
    return [
      row,
      headline(summary),
      ...(paper ? [published(summary) ?? ""] : []),
      seedsText(summary),
      epochs === undefined ? NONE : fixed(epochs, 0),
      seconds === undefined ? NONE : duration(seconds),
      ...(withPasses
        ? [
          cost[0] === undefined ? NONE : duration(cost[0]),
          cost[1] === undefined ? NONE : grouped(Math.round(cost[1])),
        ]
        : []),
    ];
  };
  const head = ["", measure, ...(paper ? ["published"] : []), "n", "epochs", "time"];
  return plainTable(
    `${measureText(results)}${apart}: mean ± standard deviation over n seeds; time per run${
      withPasses ? ", of it initialization, and LSUV's forward passes" : ""
    }. n/c: did not converge.`,
    withPasses ? [...head, "init", "passes"] : head,
    rows.map(line),
    [1, ...(paper ? [2, 4, 5, 6, 7] : [3, 4, 5, 6])],
  );
}

/** The table of results: rows by columns, or a line for each row where there is one column. */
export const compactTable = (results: Results): TableBlock =>
  results.columns.length > 1 ? gridTable(results) : listTable(results);

/** The accuracy on training images in percent, rows by columns; n/c where test accuracy is that of chance. */
export function trainingTable(results: Results): TableBlock {
  const { rows, columns } = results;
  const text = (row: string, column: string) => {
    const own = cellsOf(results, row, column), { counts } = summarizeCells(results, row, column);
    const done = own.filter(({ status }) => status === "done");
    const found = summarize(done.flatMap(({ trainAccuracy = NaN }) => 100 * trainAccuracy));
    return found ? spreadText(found, 1) : counts["n/c"] ? "n/c" : NONE;
  };
  return plainTable(
    "Accuracy on training images in the last epoch, %; n/c: not better than chance on test images.",
    ["", ...columns],
    rows.map((row) => [row, ...columns.map((column) => text(row, column))])
      .filter(([, ...texts]) => texts.some((each) => each !== NONE)),
    columns.map((_, i) => i + 1),
  );
}

/** How many of the last epochs are averaged beside the last one. */
const LAST = 10;

/** Long runs: the last epoch, the mean of the last ten, and the best of all, which was selected on test images. */
export function endsTable(results: Results): TableBlock {
  const { rows, columns, paper, measure } = results, [column = ""] = columns;
  const best = Math[/error/.test(measure) ? "min" : "max"];
  const line = (row: string) => {
    const own = cellsOf(results, row, column), summary = summarizeCells(results, row, column);
    const curves = own.flatMap(({ run }) =>
      run ? [run.epochs.map(({ testAccuracy }) => toMeasure(results, testAccuracy))] : []
    ).filter((curve) => curve.length > 0);
    const over = (of: (curve: readonly number[]) => number) => {
      const found = summarize(curves.map(of));
      return found ? spreadText(found) : NONE;
    };
    return [
      row,
      headline(summary),
      over((curve) => summarize(curve.slice(-LAST))!.mean),
      over((curve) => best(...curve)),
      ...(paper ? [published(summary) ?? ""] : []),
      seedsText(summary),
    ];
  };
  return plainTable(
    `${
      measureText(results)
    }: mean ± standard deviation over seeds. The last epoch is the result; the best was ` +
      "selected on the test images.",
    [
      "",
      "last epoch",
      `mean of the last ${LAST}`,
      "best of all",
      ...(paper ? ["published"] : []),
      "n",
    ],
    rows.map(line),
    paper ? [1, 2, 3, 4] : [1, 2, 3],
  );
}
