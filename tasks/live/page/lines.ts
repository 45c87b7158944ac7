/**
 * What is said of the lines of a panel: the values that an axis must hold, the last one in words.
 *
 * @module
 */
import { fixed } from "../../cli/format.ts";
import type { Point } from "../../plots/panel.ts";
import type { LiveLine } from "./plot.ts";

/** The values that an axis must hold. */
export const heights = (lines: readonly LiveLine[]): number[] =>
  lines.flatMap(({ points, dots = [] }) => [...points, ...dots].map(({ y }) => y));

/** The last value of points with so many digits; undefined where there are none. */
export const lastText = (points: readonly Point[], digits: number): string | undefined =>
  points.length > 0 ? fixed(points[points.length - 1]!.y, digits) : undefined;
