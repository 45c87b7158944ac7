/**
 * The table of the sweep, line by line as rows are measured, and its end.
 *
 * @module
 */
import { rate } from "../../src/device/profile.ts";
import { digits } from "../table.ts";
import { MAX_ERROR, type Row, rowName, type Summary } from "./row.ts";

/** A column: its title, its width, and the cell of a row. */
type Column = readonly [title: string, width: number, cell: (row: Row) => string];

/** GFLOP/s of a product, else GB/s. */
function speed({ flops, bytes }: Row, ms: number): string {
  return flops ? `${digits(rate(flops, ms))} GF/s` : `${digits(rate(bytes, ms))} GB/s`;
}

/** A time in ms, or in µs where it is short. */
const time = (ms: number): string => ms < 0.1 ? `${digits(1000 * ms)} µs` : `${digits(ms)} ms`;

const COLUMNS: readonly Column[] = [
  ["op", -34, ({ name }) => name],
  ["direction", -16, ({ direction }) => direction],
  ["ours", 8, ({ ours }) => time(ours.best)],
  ["PyTorch", 8, ({ pytorch, layout }) => time(pytorch[layout]!.best)],
  ["fastest layout", -14, ({ layout }) => layout],
  ["ours", 10, (row) => speed(row, row.ours.best)],
  ["PyTorch", 10, (row) => speed(row, row.pytorch[row.layout]!.best)],
  ["ratio", 5, ({ ratio }) => digits(ratio)],
  [
    "bar",
    -7,
    ({ bar, error }) => error <= MAX_ERROR ? bar : `${bar}, WRONG: ${digits(error)}`,
  ],
];

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => {
    const width = COLUMNS[i]![1];
    return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
  }).join("  ").trimEnd();

/** The titles of the columns. */
export const tableHead = (): string => line(COLUMNS.map(([title]) => title));

/** The line of a row. */
export const tableLine = (row: Row): string => line(COLUMNS.map(([, , cell]) => cell(row)));

const LISTED = 20;

/** What the sweep comes to, in a few lines. */
export function summaryText(
  { rows, geometricMean, kinds, bars, short }: Summary,
  all: readonly Row[],
): string {
  const counts = Object.entries(bars).map(([bar, count]) => `${count} ${bar}`).join(", ");
  const slowest = all.toSorted((a, b) => a.ratio - b.ratio).slice(0, LISTED);
  return [
    `geometric mean of ${rows} ratios to PyTorch: ${
      digits(geometricMean)
    }; bars cleared: ${counts}`,
    `by kind: ${Object.entries(kinds).map(([kind, mean]) => `${kind} ${digits(mean)}`).join(", ")}`,
    `slowest: ${slowest.map((row) => `${rowName(row)} ${digits(row.ratio)}`).join("; ")}`,
    ...(short.length > 0 ? [`short, ${short.length}: ${short.join("; ")}`] : []),
  ].join("\n");
}
