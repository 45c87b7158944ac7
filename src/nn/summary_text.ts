/**
 * The summary of a net as a table.
 *
 * @module
 */
import { counted, grouped } from "../counted.ts";
import { showShape } from "../shape.ts";
import { showBytes } from "../show/bytes.ts";
import { showSpec } from "../spec.ts";
import type { Summary, SummaryRow } from "./summary_row.ts";

/** The layer whose output a row would take in a plain sequence: the one that ended last before it. */
function precedingName(rows: readonly SummaryRow[], at: number): string {
  const { depth } = rows[at]!;
  const before = rows.slice(0, at).findLast((row) => row.depth <= depth);
  if (!before) return "input";
  // The first layer inside another takes what that one takes.
  return before.depth < depth ? before.from.join(", ") : before.name;
}

/** What a row takes, where that is not the output of the layer before it. */
function showSources(rows: readonly SummaryRow[], at: number): string {
  const { from } = rows[at]!;
  if (from.join(", ") === precedingName(rows, at)) return "";
  // Paths without kinds, as several can be many.
  return from.map((name) => name.split(" ")[0]).join(", ");
}

/** Rows as lines of aligned columns: the first and the last flush left, the others right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => [...row[c]!].length)));
  return rows.map((row) =>
    row.map((cell, c) => {
      const space = " ".repeat(widths[c]! - [...cell].length);
      return c <= 1 || c === 4 ? cell + space : space + cell;
    }).join("  ").trimEnd()
  );
}

/** A summary as a table: a line for each layer, layers inside others indented, and a line of totals. */
export function formatSummary(
  { input, rows, parameters, flops, bytes }: Omit<Summary, "toString">,
): string {
  const sources = rows.map((_, at) => showSources(rows, at));
  const lines = align([
    ["layer", "output", "parameters", "FLOPs", sources.some((text) => text !== "") ? "from" : ""],
    ...rows.map((row, at) => [
      "  ".repeat(row.depth) + row.name,
      showShape(row.output.shape),
      grouped(row.parameters),
      grouped(row.flops),
      sources[at]!,
    ]),
  ]);
  const rule = "─".repeat(Math.max(...lines.map((line) => [...line].length)));
  return [
    `input ${showSpec(input)}`,
    lines[0],
    rule,
    ...lines.slice(1),
    rule,
    `${counted(parameters, "parameter")} (${showBytes(4 * parameters)}), ` +
    `outputs of all layers ${showBytes(bytes)}, ${grouped(flops)} FLOPs`,
  ].join("\n");
}
