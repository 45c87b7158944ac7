/// <reference lib="dom" />
/**
 * Reading a chart's values at an x position: the nearest points of its lines.
 *
 * @module
 */
import type { Point } from "../../plots/panel.ts";
import { svg } from "./dom.ts";
import { BOX, colorClass, type LiveLine, type Scales } from "./plot.ts";

/** A point of a line. */
export interface LinePoint {
  readonly line: LiveLine;
  readonly point: Point;
}

/** The x position, and the points of the named lines that have a value there. */
export interface Readout {
  readonly x: number;
  readonly values: readonly LinePoint[];
}

/** The point of a line that is nearest to an x position. */
function nearest({ points }: LiveLine, x: number): Point {
  let low = 0, high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle]!.x < x) low = middle;
    else high = middle;
  }
  const before = points[low]!, after = points[high]!;
  return Math.abs(before.x - x) <= Math.abs(after.x - x) ? before : after;
}

/** Reads lines, each of which has points, at an x position, which snaps to the nearest point of all. */
export function readAt(lines: readonly LiveLine[], x: number): Readout {
  const found = lines.map((line): LinePoint => ({ line, point: nearest(line, x) }));
  const distance = ({ point }: LinePoint) => Math.abs(point.x - x);
  const closest = found.reduce((a, b) => distance(b) < distance(a) ? b : a);
  const values = found.filter(({ line, point }) => !line.faint && Number.isFinite(point.y));
  return { x: closest.point.x, values };
}

/** A vertical line at the x position, and a mark on each point. */
export function drawMarks({ x, values }: Readout, scales: Scales): SVGElement {
  const left = scales.x(x), bottom = BOX.height - BOX.bottom;
  return svg(
    "g",
    { class: "marks" },
    svg("line", { class: "axis", x1: left, x2: left, y1: BOX.top, y2: bottom }),
    ...values.map(({ line, point }) =>
      svg("circle", {
        class: `${colorClass(line)} mark`,
        cx: scales.x(point.x),
        cy: scales.y(point.y),
        r: 3.5,
      })
    ),
  );
}
