/**
 * The section on time and throughput, and on the cost of initialization.
 *
 * @module
 */
import { duration, grouped, NONE } from "../../cli/format.ts";
import { spreadText, summarize, type Summary } from "../../plots/statistics.ts";
import { type Block, heading, paragraph, plainTable, type TableBlock } from "../document.ts";
import type { Cell, Results } from "../results.ts";

type Quantity = "seconds" | "epochs" | "initSeconds" | "forwardPasses" | "imagesPerSecond";

/** Summarizes a quantity over the runs that have it. */
const summarizeQuantity = (cells: readonly Cell[], name: Quantity): Summary | undefined =>
  summarize(cells.map((cell) => cell[name] ?? NaN).filter(Number.isFinite));

/** The line of a row and a column; undefined where no run has a time. */
function timeRow(results: Results, row: string, column: string): readonly string[] | undefined {
  const cells = results.cells.filter((cell) =>
    cell.row === row && cell.column === column && (cell.seconds ?? 0) > 0
  );
  if (cells.length === 0) return undefined;
  const textFor = (name: Quantity, write: (summary: Summary) => string) => {
    const summary = summarizeQuantity(cells, name);
    return summary ? write(summary) : NONE;
  };
  return [
    row,
    column,
    String(cells.length),
    textFor("epochs", (epochs) => spreadText(epochs, 0).replace(/ ± 0$/, "")),
    textFor("seconds", ({ mean }) => duration(mean)),
    textFor("imagesPerSecond", ({ mean }) => grouped(Math.round(mean))),
    textFor("initSeconds", ({ mean }) => duration(mean)),
    textFor("forwardPasses", ({ mean }) => grouped(mean)),
  ];
}

const HEAD = ["row", "column", "runs", "epochs", "time per run", "images/s"];
const COST_HEAD = ["initialization", "forward passes"];

/** The table, with the cost of initialization only where that is known. */
const timeTable = (rows: readonly (readonly string[])[], withCost: boolean): TableBlock =>
  plainTable(
    "Means over the runs that have the number; images per second while training." +
      (withCost ? " Initialization: its time, and its forward passes." : ""),
    withCost ? [...HEAD, ...COST_HEAD] : HEAD,
    rows.map((row) => withCost ? row : row.slice(0, HEAD.length)),
    [2, 3, 4, 5, 6, 7],
  );

/** The section on time and throughput. */
export function timeSection(results: Results): readonly Block[] {
  const { rows, columns, cells } = results;
  const table = rows.flatMap((row) =>
    columns.map((column) => timeRow(results, row, column)).filter((line) => line !== undefined)
  );
  const withCost = cells.some(({ initSeconds }) => initSeconds !== undefined);
  const total = cells.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  return [
    heading("Time and throughput"),
    ...(table.length === 0
      ? [paragraph("No run's time is known.")]
      : [timeTable(table, withCost), paragraph(`${duration(total)} of training in all.`)]),
  ];
}
