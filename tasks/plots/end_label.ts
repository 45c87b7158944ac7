/**
 * Lines that say their last value.
 *
 * @module
 */
import { fixed } from "../cli/format.ts";
import type { Line } from "./panel.ts";

/** A line whose last value stands behind its name, with so many digits behind the point. */
export const withEndLabel = (line: Line, digits: number): Line => {
  const last = line.points.at(-1);
  return { ...line, end: last && fixed(last.y, digits) };
};
