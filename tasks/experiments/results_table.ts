/**
 * What an experiment came to, as text: a table beside the paper's numbers.
 *
 * @module
 */
import { aligned } from "../cli/align.ts";
import { duration, fixed, NONE, signed } from "../cli/format.ts";
import { spreadText, summarize } from "../plots/statistics.ts";
import { toMeasure } from "./measure.ts";
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

/** The runs that are not done, by how they stand: `1 n/c, 2 pending`. */
function unfinishedText(cells: readonly CellRecord[]): string {
  const others = cells.filter(({ status }) => status !== "done");
  return [...Map.groupBy(others, ({ status }) => status)].map(([status, group]) =>
    group.length === cells.length ? status : `${group.length} ${status}`
  ).join(", ");
}

/** What runs came to: what was found, what the paper has, and the difference. */
function resultTexts(
  record: ExperimentRecord,
  cells: readonly CellRecord[],
  paper: number | "n/c" | undefined,
): string[] {
  const done = cells.filter(({ status }) => status === "done");
  const summary = summarize(done.map(({ accuracy }) => toMeasure(record, accuracy!)));
  const found = [summary && spreadText(summary), unfinishedText(cells)].filter(Boolean).join(", ");
  const difference = summary && typeof paper === "number" ? signed(summary.mean - paper, 2) : NONE;
  const theirs = typeof paper === "number" ? fixed(paper, 2) : paper ?? NONE;
  return [found || NONE, ...(record.paper ? [theirs, difference] : [])];
}

/** What initialization cost in the mean: seconds, and batches sent through the net. */
function costTexts(cells: readonly CellRecord[]): string[] {
  const meanText = (name: "initSeconds" | "forwardPasses", digits: number) => {
    const known = cells.map((cell) => cell[name]).filter((value) => value !== undefined);
    const summary = summarize(known);
    return summary ? fixed(summary.mean, digits) : NONE;
  };
  return [meanText("initSeconds", 2), meanText("forwardPasses", 0)];
}

/**
 * The table: a line a row and column, its mean and standard deviation over the seeds, and where there
 * are numbers of the paper, those and the difference.
 */
export function resultsTable(record: ExperimentRecord): string {
  const { title, rows, columns, measure, seeds, paper } = record;
  const withCost = record.cells.some(({ forwardPasses }) => forwardPasses !== undefined);
  const head = [
    "",
    "",
    measure,
    ...(paper ? ["paper", "difference"] : []),
    ...(withCost ? ["init s", "passes"] : []),
  ];
  const lines = rows.flatMap((row) =>
    columns.map((column) => {
      const cells = record.cells.filter((cell) => cell.row === row && cell.column === column);
      const results = resultTexts(record, cells, paper?.[row]?.[column]);
      return [row, column, ...results, ...(withCost ? costTexts(cells) : [])];
    })
  );
  const over = seeds.length === 1
    ? `seed ${seeds[0]}`
    : `${seeds.length} seeds, mean ± standard deviation`;
  return [`${title}: ${over}`, ...aligned([head, ...lines], 2)].join("\n");
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
