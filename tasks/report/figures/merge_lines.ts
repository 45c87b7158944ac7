/**
 * Merging lines that coincide.
 *
 * @module
 */
import type { Line } from "../../plots/panel.ts";

const roundedPoints = ({ points }: Line): string =>
  points.map(({ x, y }) => `${x} ${y.toPrecision(3)}`).join();

/** Merges lines that are equal to three digits into one named such as `before, 3 rows`. */
export const mergeLines = <L extends Line>(lines: readonly L[], name: string): readonly L[] =>
  [...Map.groupBy(lines, roundedPoints).values()].map((group) =>
    group.length === 1 ? group[0]! : { ...group[0]!, name: `${name}, ${group.length} rows` }
  );
