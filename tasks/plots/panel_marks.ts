/**
 * The marks of a panel as Vega-Lite layers: target and events in the background, lines in front.
 *
 * @module
 */
import { SIZE } from "./layout.ts";
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
const toleranceLayer = ([low, high]: readonly [number, number], { y }: Encodings): Spec => ({
  data: { values: [{ y: low, top: high }] },
  mark: { type: "rect", color: PAGE.shade.light },
  encoding: { x: { value: 0 }, x2: { value: SIZE.width }, y, y2: { field: "top" } },
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
export const backgroundLayers = ({ events = [], target }: Panel, at: Encodings): Spec[] => [
  ...(target?.within ? [toleranceLayer(target.within, at)] : []),
  ...(target ? [targetLayer(target.value, at)] : []),
  ...(events.length > 0 ? [eventLayer(events, at)] : []),
];

/** The spread around a line. */
const bandLayer = (points: readonly Point[], color: string, { x, y }: Encodings): Spec => ({
  data: { values: points },
  mark: { type: "area", color, opacity: 0.2, line: false },
  encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
});

/** The points that a line summarizes. */
const dotLayer = (dots: readonly Point[], color: string, { x, y }: Encodings): Spec => ({
  data: { values: dots },
  mark: { type: "point", filled: true, size: 9, color, opacity: 0.55 },
  encoding: { x, y },
});

const strokeLayer = ({ points, dashed }: Line, color: string, { x, y }: Encodings): Spec => ({
  data: { values: points },
  mark: { type: "line", color, strokeWidth: 1.75, strokeDash: dashed ? [5, 3] : [1, 0] },
  encoding: { x, y },
});

/** A mark at each point. */
function markLayer(line: Line, color: string, { x, y }: Encodings): Spec {
  const look = {
    type: "point",
    shape: shapeFor(line),
    filled: !line.open,
    stroke: color,
    strokeWidth: 1.5,
    opacity: 1,
  };
  const fill = line.open ? PAGE.paper.light : color;
  return { data: { values: line.points }, mark: { ...look, fill, size: 20 }, encoding: { x, y } };
}

/** A line with its band, dots and, where the panel has room for them, marks. */
export function lineLayers(line: Line, at: Encodings, marked: boolean): Spec[] {
  const color = seriesColor(line).mark.light, { points, dots } = line;
  const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  return [
    ...(banded.length > 1 ? [bandLayer(banded, color, at)] : []),
    ...(dots ? [dotLayer(dots, color, at)] : []),
    strokeLayer(line, color, at),
    ...(marked || points.length === 1 ? [markLayer(line, color, at)] : []),
  ];
}
