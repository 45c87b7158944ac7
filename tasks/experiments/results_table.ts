/**
 * What an experiment came to, as text: a table beside the paper's numbers.
 *
 * @module
 */
import { toMeasure } from "./measure.ts";
import { aligned } from "../cli/align.ts";
import { duration, fixed, NONE, signed } from "../cli/format.ts";
import { spreadText, summarize } from "../plots/statistics.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** A run's outcome in a line. */
export function outcomeLine(record: ExperimentRecord, cell: CellRecord): string {
  const { status, accuracy, seconds, message } = cell;
  const found = accuracy === undefined
    ? []
    : [`${record.measure} ${fixed(toMeasure(record, accuracy), 2)}`];
  const took = seconds === undefined ? [] : [duration(seconds)];
  return [status, ...found, ...took, ...(message ? [message] : [])].join(" | ");
}

const statusesOf = (cells: readonly CellRecord[]): string => {
  const others = cells.filter(({ status }) => status !== "done").map(({ status }) => status);
  return [...new Set(others)].map((status) => {
    const count = others.filter((other) => other === status).length;
    return count === cells.length ? status : `${count} ${status}`;
  }).join(", ");
};

/** A row and a column: what was found, what the paper has, and the difference. */
function entryOf(record: ExperimentRecord, row: string, column: string): string[] {
  const cells = record.cells.filter((cell) => cell.row === row && cell.column === column);
  const numbers = cells.filter(({ status }) => status === "done").map(({ accuracy }) =>
    toMeasure(record, accuracy!)
  );
  const summary = summarize(numbers), paper = record.paper?.[row]?.[column];
  const found = [summary && spreadText(summary), statusesOf(cells)].filter(Boolean).join(", ");
  const difference = summary && typeof paper === "number" ? signed(summary.mean - paper, 2) : NONE;
  const theirs = typeof paper === "number" ? fixed(paper, 2) : paper ?? NONE;
  return [found || NONE, ...(record.paper ? [theirs, difference] : [])];
}

/**
 * The table: a line a row and column, its mean and standard deviation over the seeds, and where there
 * are numbers of the paper, those and the difference.
 */
export function resultsTable(record: ExperimentRecord): string {
  const { rows, columns, measure, seeds, paper, cells } = record;
  const costs = cells.some(({ forwardPasses }) => forwardPasses !== undefined);
  const head = ["", "", measure, ...(paper ? ["paper", "difference"] : [])];
  const lines = rows.flatMap((row) =>
    columns.map((column) => [row, column, ...entryOf(record, row, column)])
  );
  const costHead = costs ? ["init s", "passes"] : [];
  const meanOf = (numbers: readonly (number | undefined)[]) =>
    summarize(numbers.filter((number) => number !== undefined))?.mean;
  const costOf = ([row, column]: readonly string[]) => {
    const own = cells.filter((cell) => cell.row === row && cell.column === column);
    const seconds = meanOf(own.map(({ initSeconds }) => initSeconds));
    const passes = meanOf(own.map(({ forwardPasses }) => forwardPasses));
    return [
      seconds === undefined ? NONE : fixed(seconds, 2),
      passes === undefined ? NONE : fixed(passes, 0),
    ];
  };
  const all = [[...head, ...costHead], ...lines.map((x) => costs ? [...x, ...costOf(x)] : x)];
  return [
    `${record.title}: ${
      seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds, mean ± standard deviation`
    }`,
    ...aligned(all, 2),
  ].join("\n");
}

/** Everything that is said at the end: the table, and what differs from the paper. */
export function summaryText(record: ExperimentRecord): string {
  const { scaled, dataset, device } = record;
  return [
    resultsTable(record),
    "",
    `data: ${dataset.name}, ${dataset.train} training and ${dataset.test} test images` +
    (dataset.note ? `; ${dataset.note}` : ""),
    `device: ${device}`,
    ...(scaled.length > 0 ? ["what differs from the paper:"] : []),
    ...scaled.map((sentence) => `- ${sentence}`),
  ].join("\n");
}
