/**
 * The steps of a training run, of one process or of several.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import type { FitOptions } from "./fit_options.ts";
import type { TrainingInput } from "./input/training_data.ts";
import { type ParallelStep, parallelSteps, type StepInput } from "./parallel/steps.ts";
import { severalProcesses, type TrainingSetup } from "./setup.ts";
import { type Carry, trainStep } from "./step.ts";

/**
 * Takes a step for each input: in one compiled function, or with gradients summed over processes.
 *
 * @returns The carry after each step, and whether a process asked all to stop.
 */
export async function* takeSteps<P extends Params, S extends Params>(
  run: Runtime,
  { net, optimizer, objective, logits, trainable, batch, signal, ...rest }: FitOptions<P, S>,
  { loss, metrics, data: { classes } }: TrainingSetup,
  input: Pick<TrainingInput, "materialize">,
  start: Carry<P, S>,
  xs: AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const job = severalProcesses(rest);
  const training = { net, loss, objective, logits, trainable, metrics, classes };
  const materialize = (inputs: Params) => input.materialize(inputs, "train");
  if (job) {
    const all = { training, optimizer, batch: batch!, materialize, job, signal };
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
