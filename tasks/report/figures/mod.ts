/**
 * The figures of a report, as far as its results have the data.
 *
 * @module
 */
import type { Figure } from "../../plots/panel.ts";
import { curveFigure } from "../../plots/run_curve.ts";
import { varianceFigure } from "../../plots/run_variance.ts";
import type { Results } from "../results.ts";
import { curveFigures } from "./learning_curves.ts";
import { depthFigure } from "./variance_by_depth.ts";

/** The figures of a report in two groups: learning curves, and variance by depth. */
export type ReportFigures = Readonly<Record<"learning" | "depth", readonly Figure[]>>;

const there = (...figures: readonly (Figure | undefined)[]): readonly Figure[] =>
  figures.filter((figure) => figure !== undefined);

/** The figures of a report; those of one run are the same as in its folder. */
export function reportFigures(results: Results): ReportFigures {
  const run = results.kind === "run" ? results.cells[0]!.run : undefined;
  const gradient = depthFigure(results, "gradientVariance");
  const output = run && varianceFigure(run) || depthFigure(results, "activationVariance");
  return {
    learning: run ? there(curveFigure(run)) : curveFigures(results),
    depth: there(output, gradient),
  };
}
