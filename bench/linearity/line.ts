/**
 * Fitting a line to points.
 *
 * @module
 */
import { round, significant } from "../measure.ts";

/** A line through points, by least squares. */
export interface Fit {
  readonly slope: number;
  readonly intercept: number;
  /** The fraction of the variance that the line explains. */
  readonly r2: number;
  /** The largest residual, relative to the largest value. */
  readonly deviation: number;
}

/** Fits a line by least squares. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Fit {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mx = mean(points.map(([x]) => x)), my = mean(points.map(([, y]) => y));
  const sum = (of: (x: number, y: number) => number) =>
    points.reduce((total, [x, y]) => total + of(x - mx, y - my), 0);
  const slope = sum((x, y) => x * y) / sum((x) => x * x), intercept = my - slope * mx;
  const apart = points.map(([x, y]) => y - intercept - slope * x);
  const all = sum((_, y) => y * y), left = apart.reduce((total, d) => total + d * d, 0);
  return {
    slope: significant(slope),
    intercept: significant(intercept),
    r2: significant(all > 0 ? 1 - left / all : 1, 5),
    deviation: round(
      Math.max(...apart.map(Math.abs)) / Math.max(...points.map(([, y]) => Math.abs(y))),
      6,
    ),
  };
}
