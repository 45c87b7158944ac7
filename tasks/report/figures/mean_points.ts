/**
 * Averaging the curves of several runs to one line with a band of one standard deviation.
 *
 * @module
 */
import type { Point } from "../../plots/panel.ts";
import { summarize } from "../../plots/statistics.ts";

/** The mean of the points at each x, in order, with a band where there are several. */
export function meanPoints(
  points: readonly Point[],
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): readonly Point[] {
  const finite = points.filter(({ y }) => Number.isFinite(y));
  return [...Map.groupBy(finite, ({ x }) => x)].sort(([a], [b]) => a - b).flatMap(([x, group]) => {
    const summary = summarize(group.map(({ y }) => y));
    if (!summary) return [];
    const { mean, deviation } = summary;
    if (deviation === undefined) return [{ x, y: mean }];
    return [{
      x,
      y: mean,
      low: Math.max(mean - deviation, least),
      high: Math.min(mean + deviation, most),
    }];
  });
}

/** The geometric mean at each x, with a band of one standard deviation of the logarithm. */
export const geometricPoints = (points: readonly Point[]): readonly Point[] =>
  meanPoints(points.filter(({ y }) => y > 0).map(({ x, y }) => ({ x, y: Math.log(y) })))
    .map(({ x, y, low, high }) => ({
      x,
      y: Math.exp(y),
      ...(low === undefined || high === undefined
        ? {}
        : { low: Math.exp(low), high: Math.exp(high) }),
    }));
