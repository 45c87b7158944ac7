/**
 * Lines that leave the axis: where they do, and what is left of them.
 *
 * @module
 */
import type { Axis, Line, Point } from "./panel.ts";

/** A place where a line leaves the axis, at its upper or its lower edge. */
export interface Exit extends Point {
  readonly upwards: boolean;
}

/** Where a value is on an axis, from 0 to 1 within it. */
export function position({ log, domain: [low, high] }: Axis, value: number): number {
  const scale = log ? Math.log : (v: number) => v;
  return (scale(value) - scale(low)) / (scale(high) - scale(low));
}

/** Which edge a value is beyond: -1 below, 1 above, 0 within; a rounding error is within. */
function side(axis: Axis, { y }: Point): -1 | 0 | 1 {
  const at = position(axis, y);
  return at < -1e-9 ? -1 : at > 1 + 1e-9 ? 1 : 0;
}

/** The points of a line that are on the axis. */
export const pointsWithin = (points: readonly Point[], y: Axis): readonly Point[] =>
  points.filter((point) => side(y, point) === 0);

/** The place at which the line from a point on the axis to one beyond it leaves, at the edge. */
function crossing(y: Axis, inside: Point, outside: Point): Exit {
  const upwards = side(y, outside) > 0, from = position(y, inside.y), to = position(y, outside.y);
  const share = ((upwards ? 1 : 0) - from) / (to - from || 1);
  return {
    x: inside.x + share * (outside.x - inside.x),
    y: y.domain[upwards ? 1 : 0],
    upwards,
  };
}

/** The places at which a line leaves the axis; the first point, at the edge, of one that is never on it. */
export function exits(points: readonly Point[], y: Axis): readonly Exit[] {
  const found = points.slice(1).flatMap((next, i): Exit[] => {
    const point = points[i]!, inside = side(y, point) === 0;
    if (inside === (side(y, next) === 0)) return [];
    return [inside ? crossing(y, point, next) : crossing(y, next, point)];
  });
  const [first] = points;
  if (found.length > 0 || !first || side(y, first) === 0) return found;
  const upwards = side(y, first) > 0;
  return [{ x: first.x, y: y.domain[upwards ? 1 : 0], upwards }];
}

/** A line with an arrow behind its name where it ends beyond the axis. */
export function withArrow(line: Line, y: Axis): Line {
  const last = line.points.at(-1), at = last ? side(y, last) : 0;
  return at === 0 ? line : { ...line, beyond: at > 0 ? "↑" : "↓" };
}

/** The sentence of a figure's key about lines that leave the axis; none where none does. */
export const exitKey = (
  panels: readonly { readonly y: Axis; readonly lines: readonly Line[] }[],
): readonly string[] =>
  panels.some(({ y, lines }) => lines.some(({ points }) => exits(points, y).length > 0))
    ? ["Triangles at the edge and arrows: a line leaves the axis, which is made for the others."]
    : [];
