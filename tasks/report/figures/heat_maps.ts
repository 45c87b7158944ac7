/**
 * The heat maps of a report: of each finding that is a grid.
 *
 * @module
 */
import { type FindingValue, valueText } from "../../experiments/findings/finding.ts";
import type { HeatMap } from "../../plots/heat_map.ts";
import type { Results } from "../results.ts";

/** A value of a grid: positive numbers are drawn. */
const cellOf = (value: FindingValue | undefined): number | string | null =>
  value === undefined || value === null
    ? null
    : typeof value === "number" && value > 0
    ? value
    : valueText(value);

/** The heat maps of findings. */
export const heatMaps = ({ findings = [] }: Results): readonly HeatMap[] =>
  findings.flatMap(({ title, lines, map }, i) =>
    map
      ? [{
        name: i === 0 ? "map" : `map-${i + 1}`,
        title,
        ...map,
        values: map.rows.map((row) => {
          const [, ...values] = lines.find(([name]) => name === row) ?? [];
          return map.columns.map((_, x) => cellOf(values[x]));
        }),
      }]
      : []
  );
