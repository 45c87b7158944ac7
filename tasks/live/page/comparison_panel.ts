/**
 * The panel that compares the rows of an experiment.
 *
 * @module
 */
import { capitalize } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { linearAxis } from "../../plots/axis.ts";
import type { Axis, Point } from "../../plots/panel.ts";
import { summarize } from "../../plots/statistics.ts";
import { linearTicks } from "../../plots/ticks.ts";
import type { EpochRow } from "../../run/tables.ts";
import type { GridView, RunView } from "../view.ts";
import { heights, lastText } from "./lines.ts";
import type { LiveLine, LivePanel } from "./plot.ts";

/** The mean of the measure by epoch. */
const meanByEpoch = (grid: GridView, rows: readonly EpochRow[]): Point[] =>
  [...Map.groupBy(rows, ({ epoch }) => epoch)].sort(([a], [b]) => a - b).map(([epoch, own]) => {
    const values = own.map(({ testAccuracy }) => toMeasure(grid, testAccuracy ?? NaN));
    return { x: epoch, y: summarize(values)!.mean };
  });

/** The measure of a grid by epoch in one of its columns: one line per row, the mean over seeds. */
export function comparisonPanel(
  grid: GridView,
  runs: Readonly<Record<string, RunView>>,
  column: string,
): LivePanel | undefined {
  const lines = grid.rows.map((row, color): LiveLine => {
    const cells = grid.cells.filter((cell) => cell.row === row && cell.column === column);
    const points = meanByEpoch(grid, cells.flatMap(({ run }) => runs[run]?.rows ?? []));
    return { name: row, color, points, end: lastText(points, 2) };
  });
  const last = Math.max(...lines.flatMap(({ points }) => points.map(({ x }) => x)), 0);
  if (last === 0) return undefined;
  const measure = grid.measure.replace(" %", ", %");
  const x: Axis = { title: "epoch", domain: [0, last], ticks: linearTicks(0, last, 6) };
  const y = linearAxis(measure, heights(lines), [0, 100]);
  return { title: `${capitalize(measure)}, by epoch: ${column}`, x, y, lines };
}
