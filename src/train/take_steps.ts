/**
 * The steps of a training run, of one process or of several.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import { type PartInput, partsOf, type PartStep, partStep, withSums } from "./accumulation.ts";
import type { FitOptions } from "./fit_options.ts";
import type { TrainingInput } from "./input/training_data.ts";
import { type ParallelStep, parallelSteps, type StepInput } from "./parallel/steps.ts";
import { severalProcesses, type TrainingSetup } from "./setup.ts";
import { type Carry, trainStep } from "./step.ts";

/** A fold over the parts of batches; yields the carry after each whole batch. */
async function* foldParts<P extends Params, S extends Params>(
  run: Runtime,
  step: PartStep<P, S>,
  start: Carry<P, S>,
  { xs, parts }: { readonly xs: AsyncIterable<StepInput>; readonly parts: number },
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  async function* inputs(): AsyncGenerator<PartInput, void> {
    for await (const { inputs, first } of xs) yield* partsOf(inputs, first, parts);
  }
  let calls = 0;
  for await (const [carry] of run.fold(step, withSums(start), inputs())) {
    if (++calls % parts === 0) yield [carry, false];
  }
}

/**
 * Takes a step for each input: in one compiled function, or with gradients summed over processes.
 *
 * @returns The carry after each step, and whether a process asked all to stop.
 */
export async function* takeSteps<P extends Params, S extends Params>(
  run: Runtime,
  { net, optimizer, objective, logits, trainable, batch, signal, ...more }: FitOptions<P, S>,
  { loss, metrics, data: { classes } }: TrainingSetup,
  input: Pick<TrainingInput, "materialize">,
  start: Carry<P, S>,
  xs: AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const { averaging, labelSmoothing, mixing, accumulate = 1 } = more, job = severalProcesses(more);
  const what = { net, loss, objective, logits, trainable, labelSmoothing, mixing };
  const training = { ...what, metrics, classes };
  const materialize = (inputs: Params) => input.materialize(inputs, "train");
  if (job) {
    const all = { training, optimizer, averaging, batch: batch!, materialize, job, signal };
    yield* parallelSteps(run, all, start, xs);
    return;
  }
  if (accumulate > 1) {
    const step = partStep({ ...training, optimizer, averaging }, accumulate, materialize);
    yield* foldParts(run, step, start, { xs, parts: accumulate });
    return;
  }
  const step = trainStep({ ...training, optimizer, averaging });
  const onInputs = function trainStep(carry: Carry<P, S>, { inputs, first }: StepInput) {
    return step(carry, { ...materialize(inputs), first });
  };
  for await (const [carry] of run.fold(onInputs, start, xs)) {
    yield [carry, false];
  }
}
