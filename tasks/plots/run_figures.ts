/**
 * The figures of one run.
 *
 * @module
 */
import type { Run } from "../run/read_run.ts";
import type { Figure } from "./panel.ts";
import { curveFigure } from "./run_curve.ts";
import { varianceFigure } from "./run_variance.ts";

/** The figures of one run: its learning curves, and its variances where LSUV has scaled it. */
export const runFigures = (run: Run): readonly Figure[] =>
  [curveFigure(run), varianceFigure(run)].filter((figure) => figure !== undefined);
