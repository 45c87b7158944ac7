/**
 * The functions of a training run that are compiled.
 *
 * @module
 */
import type { Params } from "../../tensor.ts";
import { type EvaluationStep, evaluationStep } from "../evaluate.ts";
import type { FitOptions } from "../fit_options.ts";
import type { TrainingInput } from "../input/training_data.ts";
import type { TrainingSetup } from "../setup.ts";
import type { Carry } from "../step.ts";
import { type FoldedSteps, foldedSteps } from "../take_steps.ts";

/** A training run's step, and its evaluation, if there are test data. */
export interface CompiledRun<P extends Params, S extends Params> {
  readonly steps: FoldedSteps<P, S>;
  readonly evaluation: EvaluationStep<P> | undefined;
}

/**
 * The functions of a training run.
 *
 * @param materialize The images and labels of a function's inputs.
 */
export const compiledRun = <P extends Params, S extends Params>(
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  carry: Carry<P, S>,
  materialize: TrainingInput["materialize"],
): CompiledRun<P, S> => ({
  steps: foldedSteps(options, setup, materialize, carry),
  evaluation: setup.data.tested ? evaluationStep({ ...options, ...setup }, materialize) : undefined,
});
