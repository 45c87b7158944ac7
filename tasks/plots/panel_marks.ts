/**
 * The marks of a panel as Vega-Lite layers: target and events in the background, lines in front.
 *
 * @module
 */
import { exits, pointsWithin } from "./clip.ts";
import type { Layout } from "./layout.ts";
import { PAGE, SERIES, type SeriesColor } from "./palette.ts";
import type { Line, Panel, Point } from "./panel.ts";
import type { Encodings } from "./panel_axes.ts";
import type { Spec } from "./vega.ts";

/** Shapes of marks, which distinguish lines without color, or where colors repeat. */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"] as const;

/** A line's color. */
export const seriesColor = ({ color }: Line): SeriesColor => SERIES[color % SERIES.length]!;

/** The shape of a line's marks; another one each time the colors repeat. */
function shapeFor({ color }: Line): string {
  const round = Math.floor(color / SERIES.length);
  return SHAPES[(color + round) % SHAPES.length]!;
}

/** The tolerance of a target, as a shaded area. */
const toleranceLayer = (
  [low, high]: readonly [number, number],
  { y }: Encodings,
  { width }: Layout,
): Spec => ({
  data: { values: [{ y: low, top: high }] },
  mark: { type: "rect", color: PAGE.shade.light },
  encoding: { x: { value: 0 }, x2: { value: width }, y, y2: { field: "top" } },
});

const targetLayer = (value: number, { y }: Encodings): Spec => ({
  data: { values: [{ y: value }] },
  mark: { type: "rule", color: PAGE.muted.light, strokeWidth: 1 },
  encoding: { y },
});

const eventLayer = (events: readonly number[], { x }: Encodings): Spec => ({
  data: { values: events.map((x) => ({ x })) },
  mark: { type: "rule", color: PAGE.muted.light, strokeWidth: 0.75, strokeDash: [2, 3] },
  encoding: { x },
});

/** The layers behind the lines. */
export const backgroundLayers = (
  { events = [], target }: Panel,
  at: Encodings,
  layout: Layout,
): Spec[] => [
  ...(target?.within ? [toleranceLayer(target.within, at, layout)] : []),
  ...(target ? [targetLayer(target.value, at)] : []),
  ...(events.length > 0 ? [eventLayer(events, at)] : []),
];

/** The spread around a line. */
const bandLayer = (points: readonly Point[], color: string, { x, y }: Encodings): Spec => ({
  data: { values: points },
  mark: { type: "area", color, opacity: 0.2, line: false, clip: true },
  encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
});

/** The points that a line summarizes. */
const dotLayer = (dots: readonly Point[], color: string, { x, y }: Encodings): Spec => ({
  data: { values: dots },
  mark: { type: "point", filled: true, size: 9, color, opacity: 0.55, clip: true },
  encoding: { x, y },
});

const strokeLayer = ({ points, dashed }: Line, color: string, { x, y }: Encodings): Spec => ({
  data: { values: points },
  mark: {
    type: "line",
    color,
    strokeWidth: 1.75,
    strokeDash: dashed ? [5, 3] : [1, 0],
    clip: true,
  },
  encoding: { x, y },
});

/** A triangle at each place where a line leaves the axis. */
const exitLayers = (line: Line, panel: Panel, color: string, { x, y }: Encodings): Spec[] =>
  [...Map.groupBy(exits(line.points, panel.y), ({ upwards }) => upwards)].map((
    [upwards, values],
  ) => ({
    data: { values },
    mark: {
      type: "point",
      shape: upwards ? "triangle-up" : "triangle-down",
      filled: true,
      fill: color,
      stroke: color,
      size: 55,
      opacity: 1,
    },
    encoding: { x, y },
  }));

/** A mark at each point. */
function markLayer(line: Line, points: readonly Point[], color: string, { x, y }: Encodings): Spec {
  const look = {
    type: "point",
    shape: shapeFor(line),
    filled: !line.open,
    stroke: color,
    strokeWidth: 1.5,
    opacity: 1,
  };
  const fill = line.open ? PAGE.paper.light : color;
  return { data: { values: points }, mark: { ...look, fill, size: 20 }, encoding: { x, y } };
}

/** A line with its band, dots and, where the panel has room for them, marks, as far as it is on the axis. */
export function lineLayers(line: Line, panel: Panel, at: Encodings, marked: boolean): Spec[] {
  const color = seriesColor(line).mark.light, { points, dots } = line;
  const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  return [
    ...(banded.length > 1 ? [bandLayer(banded, color, at)] : []),
    ...(dots ? [dotLayer(dots, color, at)] : []),
    strokeLayer(line, color, at),
    ...(marked || points.length === 1
      ? [markLayer(line, pointsWithin(points, panel.y), color, at)]
      : []),
    ...exitLayers(line, panel, color, at),
  ];
}
