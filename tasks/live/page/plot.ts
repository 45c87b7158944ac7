/// <reference lib="dom" />
/**
 * Drawing a panel's axes and lines as SVG, at a given width.
 *
 * @module
 */
import type { Axis, Line, Panel, Point } from "../../plots/panel.ts";
import { tickLabels } from "../../plots/ticks.ts";
import { svg } from "./dom.ts";

/** A line of the live page. */
export interface LiveLine extends Line {
  /** Whether it is drawn faintly behind the others, without a name. */
  readonly faint?: boolean;
}

/** A panel of the live page. */
export interface LivePanel extends Panel {
  readonly lines: readonly LiveLine[];
}

/** The scales from values to pixels. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The margins around the area between the axes, and the total height. */
export const BOX = { left: 46, right: 14, top: 8, bottom: 36, height: 230 } as const;

const COLORS = 6, MARKED = 20;

/** The CSS class of a line's color. */
export const colorClass = ({ color }: Line): string => `c${color % COLORS}`;

/** The dashes of a line: where it is dashed, or where its color repeats. */
export const dashArray = ({ dashed, color }: Line): string | undefined =>
  dashed ? "5 3" : color >= COLORS ? "2 2" : undefined;

function createScale({ domain: [low, high], log }: Axis, from: number, to: number) {
  const at = log ? Math.log : (value: number) => value;
  return (value: number) => from + (to - from) * (at(value) - at(low)) / (at(high) - at(low));
}

/** The scales of a panel of a width. */
export const createScales = ({ x, y }: Panel, width: number): Scales => ({
  x: createScale(x, BOX.left, width - BOX.right),
  y: createScale(y, BOX.height - BOX.bottom, BOX.top),
});

function drawAxes({ x, y }: Panel, at: Scales, width: number): SVGElement[] {
  const bottom = BOX.height - BOX.bottom, right = width - BOX.right;
  const yTexts = tickLabels(y.ticks), xTexts = tickLabels(x.ticks);
  return [
    ...y.ticks.flatMap((tick, i) => [
      svg("line", { class: "rule", x1: BOX.left, x2: right, y1: at.y(tick), y2: at.y(tick) }),
      svg("text", { x: BOX.left - 7, y: at.y(tick) + 4, "text-anchor": "end" }, yTexts[i]!),
    ]),
    svg("line", { class: "axis", x1: BOX.left, x2: right, y1: bottom, y2: bottom }),
    ...x.ticks.flatMap((tick, i) => [
      svg("line", { class: "axis", x1: at.x(tick), x2: at.x(tick), y1: bottom, y2: bottom + 4 }),
      svg("text", { x: at.x(tick), y: bottom + 16, "text-anchor": "middle" }, xTexts[i]!),
    ]),
    svg("text", { x: right, y: bottom + 31, "text-anchor": "end" }, x.title),
  ];
}

function drawBackground(
  { events = [], target, y }: Panel,
  at: Scales,
  width: number,
): SVGElement[] {
  const bottom = BOX.height - BOX.bottom, right = width - BOX.right;
  const [low, high] = y.domain, inside = (value: number) => Math.min(Math.max(value, low), high);
  const shade = target?.within?.map((value) => at.y(inside(value)));
  const wide = right - BOX.left;
  return [
    ...(shade
      ? [svg("rect", {
        class: "shade",
        x: BOX.left,
        width: wide,
        y: shade[1],
        height: shade[0]! - shade[1]!,
      })]
      : []),
    ...(target
      ? [svg("line", {
        class: "axis",
        x1: BOX.left,
        x2: right,
        y1: at.y(target.value),
        y2: at.y(target.value),
      })]
      : []),
    ...events.map((x) =>
      svg("line", { class: "event", x1: at.x(x), x2: at.x(x), y1: BOX.top, y2: bottom })
    ),
  ];
}

/** The path of the finite points, with breaks where one is not finite. */
function pathData(points: readonly Point[], at: Scales): string {
  let path = "", pen = "M";
  for (const { x, y } of points) {
    if (!Number.isFinite(y)) pen = "M";
    else {
      path += `${pen}${at.x(x).toFixed(1)} ${at.y(y).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

function drawLine(line: LiveLine, at: Scales): SVGElement[] {
  const { points, dots = [], faint, open } = line;
  const marks = faint || points.length > MARKED ? [] : points;
  const circle = (r: number, look: string) => ({ x, y }: Point) =>
    svg("circle", { class: `${colorClass(line)} ${look}`, cx: at.x(x), cy: at.y(y), r });
  const look = `${colorClass(line)} line${faint ? " faint" : ""}`;
  return [
    ...dots.map(circle(1.5, "dot")),
    svg("path", { class: look, d: pathData(points, at), "stroke-dasharray": dashArray(line) }),
    ...marks.filter(({ y }) => Number.isFinite(y)).map(circle(2.75, open ? "open" : "mark")),
  ];
}

/** Draws a panel. */
export const drawPanel = (panel: LivePanel, at: Scales, width: number): SVGElement[] => [
  ...drawBackground(panel, at, width),
  ...drawAxes(panel, at, width),
  ...panel.lines.toReversed().flatMap((line) => drawLine(line, at)),
];
