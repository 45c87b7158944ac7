/**
 * Values of a panel's lines: those that an axis must span, and the label of the last.
 *
 * @module
 */
import { fixed } from "../../cli/format.ts";
import type { Point } from "../../plots/panel.ts";
import type { LiveLine } from "./plot.ts";

/** The values that an axis must span. */
export const heights = (lines: readonly LiveLine[]): number[] =>
  lines.flatMap(({ points, dots = [] }) => [...points, ...dots].map(({ y }) => y));

/** The last value of points with a count of decimals; undefined where there are none. */
export const lastText = (points: readonly Point[], digits: number): string | undefined =>
  points.length > 0 ? fixed(points[points.length - 1]!.y, digits) : undefined;
