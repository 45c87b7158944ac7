/**
 * The table of a suite's rows for the terminal, without empty columns.
 *
 * @module
 */
import { aligned } from "../tasks/cli/mod.ts";
import type { Peak } from "../src/device/profile.ts";
import { MAX_ERROR, type Row } from "./result.ts";

/** A number with about three significant digits. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

const percent = (share: number): string => `${digits(100 * share)} %`;
const spread = ({ low, high, runs }: Row["ms"]): string =>
  runs > 1 ? `${digits(low)}–${digits(high)}` : "";

/** A column: its title, and the cell of a row, if any. */
type Column = readonly [title: string, cell: (row: Row) => string | undefined];

const number = <K extends keyof Row>(key: K, show: (value: number) => string) => (row: Row) =>
  row[key] === undefined ? undefined : show(row[key] as number);

const COLUMNS: readonly Column[] = [
  ["ms", ({ ms }) => digits(ms.median)],
  ["quartiles", ({ ms }) => spread(ms)],
  ["whole call", number("callMs", digits)],
  ["loaded", number("loadedMs", digits)],
  ["device open", number("openedMs", digits)],
  ["images/s", number("imagesPerSecond", digits)],
  ["GFLOP/s", number("gflops", digits)],
  ["of peak", number("ofPeak", percent)],
  ["GB/s", number("gbps", digits)],
  ["of copy", number("ofBandwidth", percent)],
  ["forward passes", number("forwardPasses", digits)],
  ["outside kernels", number("outside", percent)],
  ["MiB", number("bytes", (bytes) => digits(bytes / 2 ** 20))],
  ["error", number("error", (e) => e <= MAX_ERROR ? e.toExponential(1) : `WRONG: ${digits(e)}`)],
];

/** The table of the rows of one suite, under its name. */
export function formatTable(rows: readonly Row[]): string {
  const used = COLUMNS.filter(([, cell]) => rows.some((row) => cell(row)));
  return aligned([
    [rows[0]!.suite, ...used.map(([title]) => title)],
    ...rows.map((row) => [row.name, ...used.map(([, cell]) => cell(row) ?? "")]),
  ]).join("\n");
}

/** The device's peak, as a line. */
export const formatPeak = ({ gflops, gbps, nativeGflops }: Peak): string =>
  `measured peak: ${digits(gflops)} GFLOP/s in multiply-adds` +
  (nativeGflops === undefined ? "" : ` (${digits(nativeGflops)} in native products)`) +
  ` and ${digits(gbps)} GB/s in copying`;
