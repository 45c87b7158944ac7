/**
 * Variance by depth of many runs at the start of training: one panel per column, one line per row.
 *
 * @module
 */
import { countAxis, logAxis } from "../../plots/axis.ts";
import { exitKey, withArrow } from "../../plots/clip.ts";
import type { Figure, Line, Panel, Point } from "../../plots/panel.ts";
import type { Results } from "../results.ts";
import { initialVariances, type Kind, type Moment } from "./initial_variances.ts";
import { geometricPoints } from "./mean_points.ts";
import { mergeLines } from "./merge_lines.ts";

/** The line of a row, and whether none of its runs converged. */
interface DrawnLine extends Line {
  readonly diverged: boolean;
}

const MOMENTS: readonly Moment[] = ["before", "after", "start"];

function rowLine(
  results: Results,
  column: string,
  at: number,
  kind: Kind,
  moment: Moment,
): DrawnLine {
  const row = results.rows[at];
  const cells = results.cells.filter((cell) => cell.row === row && cell.column === column);
  const diverged = cells.length > 0 && cells.every(({ status }) => status === "n/c");
  const starts = cells.flatMap(({ run }) => run ? [initialVariances(run, kind)[moment] ?? []] : []);
  const points = geometricPoints(
    starts.flatMap((depths) => depths.map((y, i) => ({ x: i + 1, y }))),
  );
  const name = moment === "start" ? row : `${row}, ${moment}`, before = moment === "before";
  return { name: name!, color: at, dashed: before, open: before, points, diverged };
}

const WORDS = {
  activationVariance: {
    name: "variance",
    title: "Variance of each layer's output at the start of training",
    axis: "variance of the output",
  },
  gradientVariance: {
    name: "gradient",
    title: "Variance of the gradient at each layer at the start of training",
    axis: "variance of the gradient",
  },
} as const;

const writeCaption = (title: string, fromLayers: boolean): string =>
  `${title}, by depth, on a logarithmic scale. ` +
  (fromLayers
    ? "From each run's layers.csv."
    : "Before: when LSUV reached the layer, with all earlier layers already rescaled. From each run's " +
      "lsuv.csv.");

const pointsIn = (lines: readonly Line[]): readonly Point[] =>
  lines.flatMap(({ points }) => points);

/** Decades of a variance beyond those of the rows that converge, within which others are drawn whole. */
const DECADES = 12;

/** Axes that span lines with their bands, and the target; rows that did not converge may leave them. */
function fitAxes(lines: readonly DrawnLine[], title: string, target: Panel["target"]) {
  const points = pointsIn(lines);
  const valuesOf = (diverged: boolean) =>
    pointsIn(lines.filter((line) => line.diverged === diverged))
      .flatMap(({ y, low = y, high = y }) => [low, high]);
  const lost = valuesOf(true), converging = valuesOf(false);
  const known = [...converging, ...(target ? [target.value] : [])];
  const [least, most] = [Math.min(...known) / 10 ** DECADES, Math.max(...known) * 10 ** DECADES];
  const values = known.length === 0
    ? lost
    : [...known, ...lost.map((value) => Math.min(Math.max(value, least), most))];
  return {
    x: countAxis("layer, from input to output", 1, Math.max(...points.map(({ x }) => x))),
    y: logAxis(title, values),
  };
}

/** The lines of a column; those before LSUV are merged where they are equal. */
const columnLines = (results: Results, column: string, kind: Kind): readonly DrawnLine[] =>
  MOMENTS.flatMap((moment) => {
    const lines = results.rows.map((_, at) => rowLine(results, column, at, kind, moment));
    const known = lines.filter(({ points }) => points.length > 0);
    return moment === "before" ? mergeLines(known, moment) : known;
  });

/** The figure of one kind of variance; undefined where no run has it. */
export function depthFigure(results: Results, kind: Kind): Figure | undefined {
  const { columns, cells } = results, { name, title, axis } = WORDS[kind];
  const lines = columns.map((column) => columnLines(results, column, kind)), all = lines.flat();
  if (pointsIn(all).length === 0) return undefined;
  const target = kind === "activationVariance" ? { value: 1 } : undefined;
  const shared = results.kind === "experiment" ? fitAxes(all, axis, target) : undefined;
  const panels = columns.map((title, i): Panel => {
    const own = lines[i]!, axes = shared ?? fitAxes(own, axis, target);
    return { title, ...axes, lines: own.map((line) => withArrow(line, axes.y)), target };
  });
  const banded = pointsIn(all).some(({ low }) => low !== undefined);
  const fromLayers = cells.some(({ run }) => run && run.layers.length > 0);
  return {
    name,
    title,
    caption: writeCaption(title, fromLayers),
    key: [
      ...(all.some(({ open }) => open)
        ? [
          "Open marks and dashes: before LSUV, one line for rows that start equal; filled: at the start of training.",
        ]
        : []),
      ...(target ? ["Gray line: variance 1, which LSUV aims at."] : []),
      ...(banded
        ? ["Geometric means over seeds; bands: ± one standard deviation of the logarithm."]
        : []),
      ...exitKey(panels),
    ],
    panels: panels.filter(({ lines }) => lines.length > 0),
  };
}
