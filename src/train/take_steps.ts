/**
 * The steps of a training run, of one process or of several.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import {
  learnedIndices,
  type PartInput,
  type PartsCarry,
  partsOf,
  type PartStep,
  partStep,
  withSums,
} from "./accumulation.ts";
import type { FitOptions } from "./fit_options.ts";
import type { TrainingInput } from "./input/training_data.ts";
import { type ParallelStep, parallelSteps, type StepInput } from "./parallel/steps.ts";
import { severalProcesses, type TrainingSetup } from "./setup.ts";
import { type Carry, type MeasuredTraining, trainStep } from "./step.ts";

/** A fold over the parts of batches; yields the carry after each whole batch. */
async function* foldParts<P extends Params, S extends Params>(
  run: Runtime,
  step: PartStep<P, S>,
  start: PartsCarry<P, S>,
  { xs, parts }: { readonly xs: AsyncIterable<StepInput>; readonly parts: number },
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  async function* inputs(): AsyncGenerator<PartInput, void> {
    for await (const { inputs, first } of xs) yield* partsOf(inputs, first, parts);
  }
  let calls = 0;
  for await (const [carry] of run.fold(step, start, inputs())) {
    if (++calls % parts === 0) yield [carry, false];
  }
}

/** What a run trains. */
export function trainingOf<P extends Params, S extends Params>(
  { net, objective, logits, trainable, labelSmoothing, mixing }: FitOptions<P, S>,
  { loss, metrics, data: { classes } }: TrainingSetup,
): MeasuredTraining<P> {
  return { net, loss, objective, logits, trainable, labelSmoothing, mixing, metrics, classes };
}

/**
 * Takes a step for each input: in one compiled function, or with gradients summed over processes.
 *
 * @returns The carry after each step, and whether a process asked all to stop.
 */
export async function* takeSteps<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  input: Pick<TrainingInput, "materialize">,
  start: Carry<P, S>,
  xs: AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const { optimizer, averaging, batch, signal, accumulate = 1 } = options;
  const { policy, data: { examples } } = setup, job = severalProcesses(options);
  const training = trainingOf(options, setup), update = { optimizer, averaging, policy };
  const materialize = (inputs: Params) => input.materialize(inputs, "train");
  if (job) {
    const all = { training, ...update, batch: batch!, materialize, job, signal };
    yield* parallelSteps(run, all, start, xs);
    return;
  }
  if (accumulate > 1) {
    const learned = learnedIndices(training, start, examples);
    const step = partStep({ ...training, ...update }, accumulate, materialize, learned);
    yield* foldParts(run, step, withSums(start, learned), { xs, parts: accumulate });
    return;
  }
  const step = trainStep({ ...training, ...update });
  const onInputs = function trainStep(carry: Carry<P, S>, { inputs, first }: StepInput) {
    return step(carry, { ...materialize(inputs), first });
  };
  for await (const [carry] of run.fold(onInputs, start, xs)) {
    yield [carry, false];
  }
}
