/**
 * Learning curves of many runs: one panel per column, one line per row, a band over seeds.
 *
 * @module
 */
import { median } from "../../experiments/findings/finding.ts";
import { linearAxis, robustValues } from "../../plots/axis.ts";
import { exitKey, withArrow } from "../../plots/clip.ts";
import { withEndLabel } from "../../plots/end_label.ts";
import type { Figure, Line, Panel, Point } from "../../plots/panel.ts";
import type { Results } from "../results.ts";
import { curveQuantities, type CurveQuantity } from "./curve_quantities.ts";

/** The runs of a row and column to draw: those that converged, or all where none did. */
function drawnRuns({ cells }: Results, row: string, column: string) {
  const all = cells.filter((cell) => cell.row === row && cell.column === column && cell.run);
  const converging = all.filter(({ status }) => status !== "n/c");
  const diverged = all.length > 0 && converging.length === 0;
  return { runs: (diverged ? all : converging).flatMap(({ run }) => run ?? []), diverged };
}

/** The line of a row, and whether it is of runs that did not converge. */
interface DrawnLine extends Line {
  readonly diverged: boolean;
}

/** The line of a row in the panel of a column: the mean over its runs. */
function rowLine(
  results: Results,
  column: string,
  at: number,
  { pointsOf }: CurveQuantity,
): DrawnLine {
  const row = results.rows[at]!, { runs, diverged } = drawnRuns(results, row, column);
  const name = diverged ? `${row} n/c` : row;
  return { name, color: at, dashed: at % 2 === 1, points: pointsOf(runs), diverged };
}

const pointsIn = (lines: readonly Line[]): readonly Point[] =>
  lines.flatMap(({ points }) => points);

/** The values of lines with their bands. */
const valuesOf = (lines: readonly Line[]): readonly number[] =>
  pointsIn(lines).flatMap(({ y, low = y, high = y }) => [low, high]);

/** How many times the median of the lines' greatest values one may have on an axis made for it. */
const FAR = 10;

/** The lines of an unbounded quantity, such as a loss that explodes, that would hide all others. */
function farLines(
  lines: readonly DrawnLine[],
  [, most]: readonly [number, number],
): ReadonlySet<DrawnLine> {
  if (most < Infinity) return new Set();
  const highest = lines.map((line) => Math.max(...valuesOf([line])));
  const middle = median(highest.filter(Number.isFinite)) ?? Infinity;
  return new Set(lines.filter((_, i) => highest[i]! > FAR * middle));
}

/** Axes around lines with their bands; those that did not converge, or are far away, may leave them. */
function fitAxes(
  lines: readonly DrawnLine[],
  { axis, bounds, xAxis }: CurveQuantity,
): Pick<Panel, "x" | "y"> {
  const places = pointsIn(lines).map(({ x }) => x);
  const far = farLines(lines, bounds);
  const [lost, near] = [true, false].map((apart) =>
    valuesOf(lines.filter((line) => (line.diverged || far.has(line)) === apart))
  );
  const values = robustValues(near!, lost!);
  return {
    x: xAxis(Math.min(...places), Math.max(...places)),
    y: linearAxis(axis, values, bounds),
  };
}

/** The panel of a column, with labels of last values. */
function columnPanel(
  title: string,
  lines: readonly Line[],
  axes: Pick<Panel, "x" | "y">,
  { digits }: CurveQuantity,
): Panel {
  const [low, high] = axes.y.domain;
  const labeled = lines.map((line) => withArrow(withEndLabel(line, digits(high - low)), axes.y));
  return { title, ...axes, lines: labeled };
}

const writeCaption = ({ title, from }: CurveQuantity): string =>
  `${title}.` +
  " Numbers behind the names: the last value, of whatever runs have reached it. Runs that did " +
  `not converge are left out of a mean, and drawn where none did. ${from}`;

/** One panel per column; the panels of an experiment share their axes, but for times. */
function curveFigure(results: Results, quantity: CurveQuantity): Figure | undefined {
  const { rows, columns, kind } = results, { name, title } = quantity;
  const lines = columns.map((column) =>
    rows.map((_, at) => rowLine(results, column, at, quantity))
  );
  const all = lines.flat();
  if (pointsIn(all).length === 0) return undefined;
  const shared = kind === "experiment" && quantity.shared ? fitAxes(all, quantity) : undefined;
  const panels = columns.map((column, i) =>
    columnPanel(column, lines[i]!, shared ?? fitAxes(lines[i]!, quantity), quantity)
  );
  const banded = pointsIn(all).some(({ low }) => low !== undefined);
  return {
    name,
    title,
    caption: writeCaption(quantity),
    key: [
      banded ? "Lines: means over seeds; bands: ± one standard deviation." : "One line per run.",
      ...exitKey(panels),
    ],
    panels: panels.filter(({ lines }) => pointsIn(lines).length > 0),
  };
}

/** Test accuracy, or error, and test loss by epoch; accuracy by second and training loss by step where known. */
export const curveFigures = (results: Results): readonly Figure[] =>
  curveQuantities(results).flatMap((quantity) => curveFigure(results, quantity) ?? []);
