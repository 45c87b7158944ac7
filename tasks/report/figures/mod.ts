/**
 * The figures of a report, by what its results have.
 *
 * @module
 */
import type { Figure } from "../../plots/panel.ts";
import { curveFigure } from "../../plots/run_curve.ts";
import { varianceFigure } from "../../plots/run_variance.ts";
import { curveFigures } from "./learning_curves.ts";
import { depthFigure } from "./variance_by_depth.ts";
import type { Results } from "../results.ts";
import type { Run } from "../../run/read_run.ts";

/** The figures of one run: its learning curve, its variances. */
export const figuresOfRun = (run: Run): readonly Figure[] =>
  [curveFigure(run), varianceFigure(run)].filter((figure) => figure !== undefined);

/** The figures of a report in two groups: learning, and variance by depth. */
export function figuresOf(results: Results): Record<"learning" | "depth", readonly Figure[]> {
  const only = results.kind === "run" ? results.cells[0]!.run : undefined;
  const gradient = depthFigure(results, "gradientVariance");
  const output = only && varianceFigure(only) || depthFigure(results, "activationVariance");
  const curve = only && curveFigure(only);
  return {
    learning: only ? (curve ? [curve] : []) : curveFigures(results),
    depth: [output, gradient].filter((figure) => figure !== undefined),
  };
}
