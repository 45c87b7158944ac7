/**
 * Reports of an initialisation, as rows of plain numbers and as text.
 *
 * @module
 */
import type { Data } from "../tensor.ts";
import type { UnitReport } from "./lsuv.ts";

/** What happened to one layer, or to one maxout piece of it. */
export interface ReportRow {
  /** Path and kind, such as `[2][0] conv`. */
  readonly name: string;
  /** The maxout piece, from 0. */
  readonly piece: number;
  /** The number of rescalings. */
  readonly trials: number;
  /** The variance first found. */
  readonly before: number;
  /** The variance last found. */
  readonly after: number;
  /** Whether the last is within the tolerance. */
  readonly converged: boolean;
  /** Whether the variance is zero, so that nothing can be done. */
  readonly zero: boolean;
}

/**
 * A row a piece from what `read` gives for a report, and `unitNames`.
 *
 * @example
 * ```ts
 * import { dense, key, lsuvWithReport, normal, open, relu, reportRows } from "@goodinit/goodinit";
 * import { sequential, unitNames } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(dense(16), relu, dense(4)), x = normal(key(1), [64, 8]);
 * const [, report] = lsuvWithReport(net.layers, net.init(key(0), x), x);
 * const rows = reportRows(unitNames(net.layers), await run.read(report));
 * console.assert(rows.map(({ name }) => name).join() === "[0] dense,[2] dense");
 * ```
 */
export function reportRows(
  names: readonly string[],
  report: readonly { readonly [K in keyof UnitReport]: Data }[],
): readonly ReportRow[] {
  if (names.length !== report.length) {
    throw new RangeError(
      `reportRows: expected a name a layer, found ${names.length} names and ${report.length} layers`,
    );
  }
  return report.flatMap(({ before, after, trials, converged, zero }, i) =>
    Array.from(before, (_, piece) => ({
      name: names[i]!,
      piece,
      trials: trials[piece]!,
      before: before[piece]!,
      after: after[piece]!,
      converged: converged[piece]! === 1,
      zero: zero[piece]! === 1,
    }))
  );
}

const HEADER = ["layer", "piece", "trials", "variance before", "after", ""];

/**
 * Rows as a text table, one line each under a header; numbers of four digits.
 *
 * @example
 * ```ts
 * import { formatReport } from "@goodinit/goodinit";
 *
 * const row = { name: "[0] conv", piece: 0, trials: 1, before: 0.25, after: 1, converged: true, zero: false };
 * const [header, line] = formatReport([row]).split("\n");
 * console.assert(header === "layer     piece  trials  variance before  after");
 * console.assert(line === "[0] conv      0       1           0.2500  1.000");
 * ```
 */
export function formatReport(rows: readonly ReportRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    String(row.piece),
    String(row.trials),
    row.before.toPrecision(4),
    row.after.toPrecision(4),
    row.zero ? "zero variance, left alone" : row.converged ? "" : "not converged",
  ]);
  const widths = HEADER.map((name, c) => Math.max(name.length, ...cells.map((r) => r[c]!.length)));
  const line = (texts: readonly string[]) =>
    texts.map((text, c) =>
      c === 0 || c === HEADER.length - 1 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)
    ).join("  ").trimEnd();
  return [HEADER, ...cells].map(line).join("\n");
}
