/**
 * Learning curves of many runs: one panel per column, one line per row, a band over seeds.
 *
 * @module
 */
import { isErrorMeasure, toMeasure } from "../../experiments/measure.ts";
import { countAxis, linearAxis } from "../../plots/axis.ts";
import { withEndLabel } from "../../plots/end_label.ts";
import type { Figure, Line, Panel, Point } from "../../plots/panel.ts";
import { lossTitle } from "../../plots/run_curve.ts";
import type { EpochRow } from "../../run/tables.ts";
import type { Results } from "../results.ts";
import { meanPoints } from "./mean_points.ts";

/** The quantity of a figure's curves. */
interface Quantity {
  /** The file's name. */
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly of: (row: EpochRow) => number;
  readonly bounds: readonly [number, number];
  /** Decimals of the labels of last values, by the span of the panel. */
  readonly digits: (span: number) => number;
}

/** The runs of a row and column to draw: those that converged, or all where none did. */
function drawnRuns({ cells }: Results, row: string, column: string) {
  const all = cells.filter((cell) => cell.row === row && cell.column === column && cell.run);
  const converging = all.filter(({ status }) => status !== "n/c");
  const diverged = all.length > 0 && converging.length === 0;
  return { runs: (diverged ? all : converging).flatMap(({ run }) => run ?? []), diverged };
}

/** The line of a row in the panel of a column: the mean over its runs. */
function rowLine(results: Results, column: string, at: number, { of, bounds }: Quantity): Line {
  const row = results.rows[at]!, { runs, diverged } = drawnRuns(results, row, column);
  const epochs = runs.flatMap(({ epochs }) => epochs);
  const points = meanPoints(epochs.map((row) => ({ x: row.epoch, y: of(row) })), bounds);
  return { name: diverged ? `${row} n/c` : row, color: at, dashed: at % 2 === 1, points };
}

const pointsIn = (lines: readonly Line[]): readonly Point[] =>
  lines.flatMap(({ points }) => points);

/** Axes around lines with their bands. */
function fitAxes(lines: readonly Line[], { axis, bounds }: Quantity): Pick<Panel, "x" | "y"> {
  const points = pointsIn(lines), places = points.map(({ x }) => x);
  const values = points.flatMap(({ y, low = y, high = y }) => [low, high]);
  return {
    x: countAxis("epoch", Math.min(...places), Math.max(...places)),
    y: linearAxis(axis, values, bounds),
  };
}

/** The panel of a column, with labels of last values. */
function columnPanel(
  title: string,
  lines: readonly Line[],
  axes: Pick<Panel, "x" | "y">,
  { digits }: Quantity,
): Panel {
  const [low, high] = axes.y.domain;
  return { title, ...axes, lines: lines.map((line) => withEndLabel(line, digits(high - low))) };
}

const writeCaption = (title: string, banded: boolean): string =>
  `${title}. ` +
  (banded ? "Lines: means over seeds; bands: ± one standard deviation." : "One line per run.") +
  " Numbers behind the names: the last epoch's, of whatever runs have reached it. Runs that did " +
  "not converge are left out of a mean, and drawn where none did. From each run's epochs.csv.";

/** One panel per column; the panels of an experiment share their axes. */
function curveFigure(results: Results, quantity: Quantity): Figure | undefined {
  const { rows, columns, kind } = results, { name, title } = quantity;
  const lines = columns.map((column) =>
    rows.map((_, at) => rowLine(results, column, at, quantity))
  );
  const all = lines.flat();
  if (pointsIn(all).length === 0) return undefined;
  const shared = kind === "experiment" ? fitAxes(all, quantity) : undefined;
  const panels = columns.map((column, i) =>
    columnPanel(column, lines[i]!, shared ?? fitAxes(lines[i]!, quantity), quantity)
  );
  const banded = pointsIn(all).some(({ low }) => low !== undefined);
  return {
    name,
    title,
    caption: writeCaption(title, banded),
    panels: panels.filter(({ lines }) => pointsIn(lines).length > 0),
  };
}

/** The loss of all runs, if they share one. */
function commonLoss({ cells }: Results): unknown {
  const losses = new Set(cells.flatMap(({ run }) => run?.manifest.settings?.loss ?? []));
  return losses.size === 1 ? [...losses][0] : undefined;
}

/** Test accuracy, or error where that is the measure. */
function accuracyQuantity(results: Results): Quantity {
  const what = isErrorMeasure(results) ? "error" : "accuracy";
  return {
    name: what,
    title: `Test ${what} by epoch`,
    axis: `test ${what}, %`,
    of: ({ testAccuracy }) => toMeasure(results, testAccuracy),
    bounds: [0, 100],
    digits: (span) => span < 10 ? 2 : 1,
  };
}

const lossQuantity = (results: Results): Quantity => ({
  name: "loss",
  title: "Test loss by epoch",
  axis: `test ${lossTitle(commonLoss(results))}`,
  of: ({ testLoss }) => testLoss,
  bounds: [0, Infinity],
  digits: () => 3,
});

/** Test accuracy, or error, and test loss by epoch. */
export const curveFigures = (results: Results): readonly Figure[] =>
  [accuracyQuantity(results), lossQuantity(results)]
    .flatMap((quantity) => curveFigure(results, quantity) ?? []);
