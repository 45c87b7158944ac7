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

/** The steps of a run of one process: a function for `fold`, and the carry that it starts from. */
export interface FoldedSteps<P extends Params = Params, S extends Params = Params> {
  /** In how many parts a batch is computed. */
  readonly parts: number;
  readonly step: PartStep<P, S>;
  readonly start: PartsCarry<P, S>;
}

/**
 * The steps of a run of one process.
 *
 * @param materialize The images and labels of a step's inputs.
 */
export function foldedSteps<P extends Params, S extends Params>(
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  materialize: TrainingInput["materialize"],
  start: Carry<P, S>,
): FoldedSteps<P, S> {
  const { optimizer, averaging, accumulate: parts = 1 } = options;
  const { policy, data: { examples } } = setup, training = trainingOf(options, setup);
  const all = { ...training, optimizer, averaging, policy };
  const examplesOf = (inputs: Params) => materialize(inputs, "train");
  if (parts > 1) {
    const learned = learnedIndices(training, start, examples);
    const step = partStep(all, parts, examplesOf, learned);
    return { parts, step, start: withSums(start, learned) };
  }
  const step = trainStep(all);
  const onInputs = function trainStep(carry: Carry<P, S>, { inputs, first }: StepInput) {
    return step(carry, { ...examplesOf(inputs), first });
  };
  // Without parts there are no sums.
  return { parts, step: onInputs as unknown as PartStep<P, S>, start: start as PartsCarry<P, S> };
}

/**
 * Takes a step for each input: in one compiled function, or with gradients summed over processes.
 *
 * @param folded The steps of a run of one process.
 * @returns The carry after each step, and whether a process asked all to stop.
 */
export async function* takeSteps<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
  input: Pick<TrainingInput, "materialize">,
  { parts, step, start }: FoldedSteps<P, S>,
  xs: AsyncIterable<StepInput>,
): AsyncGenerator<ParallelStep<P, S>, void, void> {
  const { optimizer, averaging, batch, signal } = options;
  const { policy } = setup, job = severalProcesses(options);
  if (job) {
    const training = trainingOf(options, setup), update = { optimizer, averaging, policy };
    const materialize = (inputs: Params) => input.materialize(inputs, "train");
    const all = { training, ...update, batch: batch!, materialize, job, signal };
    yield* parallelSteps(run, all, start, xs);
  } else if (parts > 1) {
    yield* foldParts(run, step, start, { xs, parts });
  } else {
    for await (const [carry] of run.fold(step as unknown as FoldStep<P, S>, start, xs)) {
      yield [carry, false];
    }
  }
}

/** The step of a run whose batches are computed as a whole. */
type FoldStep<P extends Params, S extends Params> = (
  carry: PartsCarry<P, S>,
  x: StepInput,
) => readonly [PartsCarry<P, S>, readonly []];
