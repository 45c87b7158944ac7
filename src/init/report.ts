/**
 * Reports of an initialization, as rows of plain numbers and as text.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import { Tensor } from "../tensor.ts";

/** What happened to one use of a layer. Every tensor has one element a maxout piece (or one in all, for `input`). */
export type UnitReport = {
  /** The variance found, f32. */
  readonly before: Tensor;
  /** The variance left, f32: what the returned parameters do on this batch. */
  readonly after: Tensor;
  /** The number of rescalings, i32. */
  readonly trials: Tensor;
  /** 1 where the variance left is within the tolerance, else 0; u32. */
  readonly converged: Tensor;
  /** 1 where the weights bring no variance, so that nothing can be done; u32. */
  readonly zero: Tensor;
};

/**
 * What an initialization found and did. It holds only tensors, so that it goes through `jit` and `read`;
 * names are its properties.
 */
export type Report = {
  /**
   * Each use of a layer with weights, in execution order, by its path and kind, `[2][0] conv`. The first
   * use is scaled. Further ones are reported as they are then: `[0] dense, use 2` of the same layer,
   * `[3] dense, weights of [0] dense` of another that has the same tensors.
   */
  readonly units: { readonly [name: string]: UnitReport };
  /**
   * Parameters of two axes and more that are in no layer with a `unit`, and so were left alone, by path:
   * u32, 1 where the net's output depends on them, 0 where no layer used them.
   */
  readonly uncovered: { readonly [path: string]: Tensor };
};

/** What happened to one use of a layer, or to one maxout piece of it. */
export interface ReportRow {
  /** Path and kind, such as `[2][0] conv`, or the path of weights that are in no layer with a `unit`. */
  readonly name: string;
  /** The maxout piece, from 0. */
  readonly piece: number;
  /** The number of rescalings. */
  readonly trials: number;
  /** The variance first found; NaN where none was measured. */
  readonly before: number;
  /** The variance last found; NaN where none was measured. */
  readonly after: number;
  /** Whether the last is within the tolerance. */
  readonly converged: boolean;
  /** Whether the weights bring no variance, so that nothing can be done. */
  readonly zero: boolean;
  /** Present on weights that are in no layer with a `unit`: whether the output needs them. */
  readonly uncovered?: "used" | "unused";
}

/** What `read` gives for a report of one use. */
export type UnitReportData = { readonly [K in keyof UnitReport]: Data };

/** What `read` gives for a report, {@linkcode lsuvWithReport}'s second value. */
export interface ReportData {
  /** Each use of a layer with weights, by name. */
  readonly units: { readonly [name: string]: UnitReportData };
  /** Weights left alone, by path. */
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
 * A row a piece from what `read` gives for a report, in execution order; then a row for each of the
 * weights that are in no layer with a `unit`.
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

/** What is to be said of a row. */
function remark({ zero, converged, after, uncovered }: ReportRow): string {
  if (uncovered === "used") return "in no layer with a unit, left alone";
  if (uncovered === "unused") return "not used";
  if (zero) return "zero variance, left alone";
  if (Number.isNaN(after)) return "not finite, left alone";
  return converged ? "" : "not converged";
}

/**
 * Rows as a text table, one line each under a header; numbers of four digits.
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
