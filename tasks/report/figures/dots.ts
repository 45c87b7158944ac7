/**
 * The numbers of a column as a dot plot beside the published ones.
 *
 * @module
 */
import { capitalize } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { linearAxis } from "../../plots/axis.ts";
import type { DotPlot, DotRow } from "../../plots/dot_plot.ts";
import type { Results } from "../results.ts";
import { summarizeCells } from "../sections/result_cell.ts";

/** The line of a row in a column. */
function dotRow(results: Results, row: string, column: string, name: string): DotRow {
  const { summary, counts, paper } = summarizeCells(results, row, column);
  const values = results.cells
    .filter((cell) => cell.row === row && cell.column === column && cell.status === "done")
    .flatMap(({ accuracy }) => accuracy === undefined ? [] : [toMeasure(results, accuracy)]);
  return {
    name,
    values,
    summary,
    word: summary ? undefined : counts["n/c"] ? "n/c" : counts.pending ? "not run" : undefined,
    other: typeof paper === "number" ? paper : undefined,
  };
}

/** The axis of lines: around what was measured and published. */
const axisOf = (title: string, rows: readonly DotRow[]) =>
  linearAxis(
    title,
    rows.flatMap(({ values, other, summary: { mean = NaN, deviation = 0 } = {} as never }) => [
      ...values,
      mean - deviation,
      mean + deviation,
      ...(other === undefined ? [] : [other]),
    ]).filter(Number.isFinite),
    [0, 100],
  );

/** The dot plot of a column, a line for each row. */
export function dotPlot(results: Results, column = results.columns[0]!): DotPlot {
  const { title, measure, columns } = results;
  const rows = results.rows.map((row) => dotRow(results, row, column, row));
  const known = rows.filter(({ values, word }) => values.length > 0 || word !== undefined);
  return {
    name: "dots",
    title: columns.length > 1 ? `${title}: ${column}` : title,
    axis: axisOf(capitalize(measure), known),
    rows: known,
    other: known.some(({ other }) => other !== undefined) ? "published" : undefined,
  };
}
