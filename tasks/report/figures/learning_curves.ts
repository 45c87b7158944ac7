/**
 * Learning curves of many runs: a panel a column, a line a row, a band over seeds.
 *
 * @module
 */
import { isErrorMeasure, toMeasure } from "../../experiments/measure.ts";
import type { Results } from "../results.ts";
import type { EpochRow } from "../../run/tables.ts";
import { countAxis, linearAxis } from "../../plots/axis.ts";
import { withEndLabel } from "../../plots/end_label.ts";
import type { Axis, Figure, Line, Panel, Point } from "../../plots/panel.ts";
import { lossTitle } from "../../plots/run_curve.ts";
import { meanPoints } from "./mean_points.ts";

interface Wanted {
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly of: (row: EpochRow) => number;
  readonly bounds: readonly [number, number];
  /** What a panel that spans so much says of the last values, in digits behind the point. */
  readonly digits: (span: number) => number;
}

function rowLine(results: Results, column: string, at: number, wanted: Wanted): Line {
  const row = results.rows[at];
  const cells = results.cells.filter((cell) =>
    cell.row === row && cell.column === column && cell.run
  );
  const converging = cells.filter(({ status }) => status !== "n/c");
  const runs = (converging.length > 0 ? converging : cells).flatMap(({ run }) => run ?? []);
  const name = cells.length > converging.length && converging.length === 0 ? `${row} n/c` : row;
  const points = meanPoints(
    runs.flatMap(({ epochs }) => epochs.map((row) => ({ x: row.epoch, y: wanted.of(row) }))),
    wanted.bounds,
  );
  return { name: name!, colour: at, dashed: at % 2 === 1, points };
}

function fitAxes(points: readonly Point[], { axis, bounds }: Wanted): Record<"x" | "y", Axis> {
  const values = points.flatMap(({ y, low = y, high = y }) => [low, high]);
  const places = points.map(({ x }) => x);
  return {
    x: countAxis("epoch", Math.min(...places), Math.max(...places)),
    y: linearAxis(axis, values, bounds),
  };
}

function createFigure(results: Results, wanted: Wanted): Figure | undefined {
  const { rows, columns } = results;
  const lines = columns.map((column) => rows.map((_, at) => rowLine(results, column, at, wanted)));
  const points = lines.flat().flatMap(({ points }) => points);
  if (points.length === 0) return undefined;
  const whole = fitAxes(points, wanted), shared = results.kind === "experiment";
  const panels = columns.map((title, i): Panel => {
    const own = lines[i]!.flatMap(({ points }) => points);
    const axes = shared ? whole : fitAxes(own, wanted), [low, high] = axes.y.domain;
    const digits = wanted.digits(high - low);
    return { title, ...axes, lines: lines[i]!.map((line) => withEndLabel(line, digits)) };
  }).filter(({ lines }) => lines.some(({ points }) => points.length > 0));
  const banded = points.some(({ low }) => low !== undefined);
  return {
    name: wanted.name,
    title: wanted.title,
    caption: `${wanted.title}. ` +
      (banded ? "Lines: means over seeds; bands: ± one standard deviation." : "One run a line.") +
      " Numbers behind the names: the last epoch's, of whatever runs have reached it. Runs that did " +
      "not converge are left out of a mean, and drawn where none did. From each run's epochs.csv.",
    panels,
  };
}

/** The loss that all runs have, if they have one. */
function commonLoss({ cells }: Results): unknown {
  const losses = new Set(cells.flatMap(({ run }) => run?.manifest.settings?.loss ?? []));
  return losses.size === 1 ? [...losses][0] : undefined;
}

/** Test accuracy, or error, and test loss by epoch, as far as runs tell. */
export function curveFigures(results: Results): readonly Figure[] {
  const what = isErrorMeasure(results) ? "error" : "accuracy";
  const wanted: readonly Wanted[] = [
    {
      name: what,
      title: `Test ${what} by epoch`,
      axis: `test ${what}, %`,
      of: ({ testAccuracy }) => toMeasure(results, testAccuracy),
      bounds: [0, 100],
      digits: (span) => span < 10 ? 2 : 1,
    },
    {
      name: "loss",
      title: "Test loss by epoch",
      axis: `test ${lossTitle(commonLoss(results))}`,
      of: ({ testLoss }) => testLoss,
      bounds: [0, Infinity],
      digits: () => 3,
    },
  ];
  return wanted.flatMap((each) => createFigure(results, each) ?? []);
}
