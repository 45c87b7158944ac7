/**
 * Reports of an initialization: as tensors, as rows of numbers, and as text.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import { Tensor } from "../tensor.ts";

/**
 * The report of one use of a layer. Every tensor has one element per maxout piece (one in all for
 * `normalize: "input"` and `"activation"`).
 */
export type UnitReport = {
  /** The variance before, f32. */
  readonly before: Tensor;
  /** The variance after, f32: that of the returned parameters on this batch. */
  readonly after: Tensor;
  /** The number of rescalings, i32. */
  readonly trials: Tensor;
  /** 1 where the variance after is within the tolerance, else 0; u32. */
  readonly converged: Tensor;
  /** 1 where the weights contribute no variance, so that they cannot be scaled; u32. */
  readonly zero: Tensor;
};

/**
 * The report of an initialization. It contains only tensors, with names as properties, so that `jit` and
 * `read` accept it.
 */
export type Report = {
  /**
   * Each use of a layer with weights, in execution order, by its path and kind, `[2][0] conv`. The first
   * use is scaled. Further uses are only measured: `[0] dense, use 2` of the same layer, `[3] dense,
   * weights of [0] dense` of another layer with the same tensors.
   */
  readonly units: { readonly [name: string]: UnitReport };
  /**
   * Parameters of at least two axes that are in no layer with a `unit`, and so were not scaled, by path:
   * u32, 1 where the net's output depends on them, else 0.
   */
  readonly uncovered: { readonly [path: string]: Tensor };
};

/** The report of one maxout piece of one use of a layer. */
export interface ReportRow {
  /** Path and kind, such as `[2][0] conv`, or the path of weights that are in no layer with a `unit`. */
  readonly name: string;
  /** The maxout piece, from 0. */
  readonly piece: number;
  /** The number of rescalings. */
  readonly trials: number;
  /** The variance before; NaN if none was measured. */
  readonly before: number;
  /** The variance after; NaN if none was measured. */
  readonly after: number;
  /** Whether the variance after is within the tolerance. */
  readonly converged: boolean;
  /** Whether the weights contribute no variance, so that they cannot be scaled. */
  readonly zero: boolean;
  /** Present for weights that are in no layer with a `unit`: whether the output depends on them. */
  readonly uncovered?: "used" | "unused";
}

/** A report of one use, as `read` returns it. */
export type UnitReportData = { readonly [K in keyof UnitReport]: Data };

/** The report of {@linkcode lsuvWithReport}, as `read` returns it. */
export interface ReportData {
  /** Each use of a layer with weights, by name. */
  readonly units: { readonly [name: string]: UnitReportData };
  /** Weights that were not scaled, by path. */
  readonly uncovered: { readonly [path: string]: Data };
}

/** The rows of one use of a layer. */
const unitRows = (name: string, unit: UnitReportData): ReportRow[] => {
  if (unit.after as unknown instanceof Tensor) {
    throw new TypeError("reportRows: expected what run.read gives for a report, found tensors");
  }
  return Array.from(unit.after, (after, piece) => ({
    name,
    piece,
    trials: unit.trials[piece]!,
    before: unit.before[piece]!,
    after,
    converged: unit.converged[piece] === 1,
    zero: unit.zero[piece] === 1,
  }));
};

/** The row of weights that are in no layer with a `unit`. */
export const uncoveredRow = (name: string, used: boolean): ReportRow => ({
  name,
  piece: 0,
  trials: 0,
  before: NaN,
  after: NaN,
  converged: false,
  zero: false,
  uncovered: used ? "used" : "unused",
});

/**
 * The rows of a report that was read: one per piece, in execution order, then one for each of the weights
 * that are in no layer with a `unit`. Throws TypeError on a report that was not read.
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.relu, nn.dense(4)), x = normal(key(1), [64, 8]);
 * const [, report] = init.lsuvWithReport(net, net.init(key(0), x), x);
 * const rows = init.reportRows(await run.read(report));
 * console.assert(rows.map(({ name }) => name).join() === "[0] dense,[2] dense");
 * ```
 */
export const reportRows = ({ units, uncovered }: ReportData): readonly ReportRow[] => [
  ...Object.entries(units).flatMap(([name, unit]) => unitRows(name, unit)),
  ...Object.entries(uncovered).map(([path, used]) => uncoveredRow(path, used[0] === 1)),
];

const HEADER = ["layer", "piece", "trials", "variance before", "after", ""];

/** The remark on a row. */
function remark({ zero, converged, after, uncovered }: ReportRow): string {
  if (uncovered === "used") return "in no layer with a unit, left alone";
  if (uncovered === "unused") return "not used";
  if (zero) return "zero variance, left alone";
  if (Number.isNaN(after)) return "not finite, left alone";
  return converged ? "" : "not converged";
}

/**
 * Formats rows as a text table with a header; numbers have four significant digits.
 *
 * @example
 * ```ts
 * import { init } from "@goodinit/goodinit";
 *
 * const row = { name: "[0] conv", piece: 0, trials: 1, before: 0.25, after: 1, converged: true, zero: false };
 * const [header, line] = init.formatReport([row]).split("\n");
 * console.assert(header === "layer     piece  trials  variance before  after");
 * console.assert(line === "[0] conv      0       1           0.2500  1.000");
 * ```
 */
export function formatReport(rows: readonly ReportRow[]): string {
  const number = (row: ReportRow, value: number) => row.uncovered ? "" : value.toPrecision(4);
  const cells = rows.map((row) => [
    row.name,
    row.uncovered ? "" : String(row.piece),
    row.uncovered ? "" : String(row.trials),
    number(row, row.before),
    number(row, row.after),
    remark(row),
  ]);
  const widths = HEADER.map((name, c) => Math.max(name.length, ...cells.map((r) => r[c]!.length)));
  const line = (texts: readonly string[]) =>
    texts.map((text, c) =>
      c === 0 || c === HEADER.length - 1 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)
    ).join("  ").trimEnd();
  return [HEADER, ...cells].map(line).join("\n");
}
