/**
 * Labels of the last values of lines.
 *
 * @module
 */
import { fixed } from "../cli/format.ts";
import type { Line } from "./panel.ts";

/** A line whose last value is written behind its name, with a count of decimals. */
export const withEndLabel = (line: Line, digits: number): Line => {
  const last = line.points.at(-1);
  return { ...line, end: last && fixed(last.y, digits) };
};
