/**
 * The steps of a training run, of one process or of several.
 *
 * @module
 */
import type { Loss } from "../nn/losses.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import type { FitOptions } from "./fit_options.ts";
import type { InputPipeline } from "./input/input_pipeline.ts";
import { type ParallelStep, parallelSteps, type StepInput } from "./parallel/steps.ts";
import { severalProcesses } from "./setup.ts";
import { type Carry, trainStep } from "./step.ts";

/**
 * Takes a step for each input: in one compiled function, or with gradients summed over processes.
 *
 * @returns The carry after each step, and whether a process asked all to stop.
 */
export async function* takeSteps<P extends Params, S extends Params>(
  run: Runtime,
  { net, optimizer, train, objective, logits, trainable, batch, signal, ...rest }: FitOptions<P, S>,
  loss: Loss,
  pipeline: InputPipeline,
  start: Carry<P, S>,
  xs: Iterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const { classes } = train.dataset, job = severalProcesses(rest);
  const training = { net, loss, objective, logits, trainable, classes };
  const materialize = (inputs: Params) => pipeline.materialize(inputs, "train");
  if (job) {
    const all = { training, optimizer, batch, materialize, job, signal };
    yield* parallelSteps(run, all, start, xs);
    return;
  }
  const step = trainStep({ ...training, optimizer });
  const onInputs = function trainStep(carry: Carry<P, S>, { inputs, first }: StepInput) {
    return step(carry, { ...materialize(inputs), first });
  };
  for await (const [carry] of run.fold(onInputs, start, xs)) {
    yield [carry, false];
  }
}
