/**
 * The results of an experiment as a table, compared with the paper's numbers.
 *
 * @module
 */
import { counted, grouped } from "../../src/counted.ts";
import { aligned } from "../cli/align.ts";
import { duration, fixed, NONE, signed } from "../cli/format.ts";
import { spreadText, summarize } from "../plots/statistics.ts";
import { compareRows } from "./comparison.ts";
import { findingText } from "./findings/finding.ts";
import { toMeasure } from "./measure.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** A run's outcome as a line. */
export function outcomeLine(record: ExperimentRecord, cell: CellRecord): string {
  const { status, accuracy, seconds, message } = cell;
  const found = accuracy === undefined
    ? []
    : [`${record.measure} ${fixed(toMeasure(record, accuracy), 2)}`];
  const took = seconds === undefined ? [] : [duration(seconds)];
  return [status, ...found, ...took, ...(message ? [message] : [])].join(" | ");
}

/** The runs that are not done, by status: `1 n/c, 2 pending`. */
function unfinishedText(cells: readonly CellRecord[]): string {
  const others = cells.filter(({ status }) => status !== "done");
  return [...Map.groupBy(others, ({ status }) => status)].map(([status, group]) =>
    group.length === cells.length ? status : `${group.length} ${status}`
  ).join(", ");
}

/** The result of some runs, the paper's, and the difference. */
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

/** The mean of a number of runs that have it. */
function meanText(
  cells: readonly CellRecord[],
  value: (cell: CellRecord) => number | undefined,
  digits: number,
) {
  const known = cells.map(value).filter((value) => value !== undefined);
  const summary = summarize(known);
  return summary ? fixed(summary.mean, digits) : NONE;
}

/** The mean accuracy, in percent, and loss of the last epoch on training images. */
const trainingTexts = (cells: readonly CellRecord[]): string[] => [
  meanText(
    cells,
    ({ trainAccuracy }) => trainAccuracy === undefined ? undefined : 100 * trainAccuracy,
    2,
  ),
  meanText(cells, ({ trainLoss }) => trainLoss, 4),
];

/** The mean cost of initialization: seconds, and forward passes. */
const costTexts = (cells: readonly CellRecord[]): string[] => [
  meanText(cells, ({ initSeconds }) => initSeconds, 2),
  meanText(cells, ({ forwardPasses }) => forwardPasses, 0),
];

/**
 * The table: one line per row and column, with mean and standard deviation over the seeds, and where the
 * paper has numbers, those and the difference.
 */
export function resultsTable(record: ExperimentRecord): string {
  const { title, rows, columns, measure, training, seeds, paper } = record;
  const withCost = record.cells.some(({ forwardPasses }) => forwardPasses !== undefined);
  const head = [
    "",
    "",
    measure,
    ...(paper ? ["paper", "difference"] : []),
    ...(training ? ["training %", "training loss"] : []),
    ...(withCost ? ["init s", "passes"] : []),
  ];
  const lines = rows.flatMap((row) =>
    columns.map((column) => {
      const cells = record.cells.filter((cell) => cell.row === row && cell.column === column);
      const results = resultTexts(record, cells, paper?.[row]?.[column]);
      return [
        row,
        column,
        ...results,
        ...(training ? trainingTexts(cells) : []),
        ...(withCost ? costTexts(cells) : []),
      ];
    })
  );
  const over = seeds.length === 1
    ? `seed ${seeds[0]}`
    : `${seeds.length} seeds, mean ± standard deviation`;
  return [`${title}: ${over}`, ...aligned([head, ...lines], 2)].join("\n");
}

/** The text printed at the end: the table, what it says, the findings, and the differences from the paper. */
export function summaryText(record: ExperimentRecord): string {
  const { scaled, dataset, device, findings = [] } = record;
  const compared = compareRows({ ...record, testImages: dataset.test });
  return [
    resultsTable(record),
    "",
    ...(compared.length > 0 ? [...compared, ""] : []),
    ...findings.flatMap((finding) => [findingText(finding), ""]),
    `data: ${dataset.name}, ${grouped(dataset.train)} training and ${
      counted(dataset.test, "test image")
    }` +
    (dataset.note ? `; ${dataset.note}` : ""),
    `device: ${device}`,
    ...(scaled.length > 0 ? ["what differs from the paper:"] : []),
    ...scaled.map((sentence) => `- ${sentence}`),
  ].join("\n");
}
