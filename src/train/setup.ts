/**
 * Sets up a training run: its sizes, its batches, and the state in which it starts.
 *
 * @module
 */
import { counted } from "../counted.ts";
import { checkAlike } from "../data/check_dataset.ts";
import { countBatches, type LoaderOptions } from "../data/loader/training_sampler.ts";
import type { Dataset } from "../data/dataset.ts";
import { checkPrepared, inputSize, type Prepared } from "../data/prepared.ts";
import type { Distributed } from "../distributed/mod.ts";
import { type Loss, softmaxCrossEntropy } from "../nn/losses.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params } from "../tensor.ts";
import { isResident } from "./checkpoint/fingerprint.ts";
import { type Start, startOrResume } from "./checkpoint/resume.ts";
import type { FitOptions } from "./fit_options.ts";
import { fitsOnDevice, type InputPipeline, openInputPipeline } from "./input/input_pipeline.ts";
import { type RunKeys, runKeys } from "./keys.ts";
import type { TrainingSizes } from "./session.ts";
import { checkSameStep, shareTensors } from "./parallel/agree.ts";
import { checkShares } from "./parallel/steps.ts";
import { initialCarry } from "./step.ts";

/** The setup of a training run: its sizes, its batches, and where they are made. */
export interface TrainingSetup extends TrainingSizes {
  readonly loader: LoaderOptions;
  readonly testBatches: number;
  readonly resident: boolean;
  readonly keys: RunKeys;
  readonly loss: Loss;
}

/** A data set with the size of the images that a net sees. */
const asSeen = (source: Prepared): Dataset => ({ ...source.dataset, ...inputSize(source) });

/** The processes that train together; undefined for one alone. */
export const severalProcesses = (
  { distributed }: Pick<FitOptions<Params, Params>, "distributed">,
): Distributed | undefined => distributed && distributed.size > 1 ? distributed : undefined;

/** Throws on inconsistent data, and on two sets that do not match. */
function checkData({ train, test }: Pick<LoaderOptions, "train" | "test">): void {
  checkPrepared("fit", train);
  if (!test) return;
  checkPrepared("fit", test);
  checkAlike("fit", asSeen(train), asSeen(test));
}

function checkProgressSteps(steps: number | undefined): void {
  if (steps === undefined || Number.isInteger(steps) && steps >= 1) return;
  throw new RangeError(
    `fit: expected progressSteps to be an integer of at least 1, found ${steps}`,
  );
}

/**
 * Sets up a training run from its options.
 *
 * @throws RangeError on epochs or steps that are not an integer of at least 1, on inconsistent data, and on a batch
 * larger than the data.
 */
export function setUpTraining<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): TrainingSetup {
  const { train, test, batch, epochs, seed = 0, augment = false, resume } = options;
  const job = severalProcesses(options);
  const { loss = softmaxCrossEntropy } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(`fit: expected epochs to be an integer of at least 1, found ${epochs}`);
  }
  checkProgressSteps(options.progressSteps);
  const keys = runKeys(seed);
  checkData(options);
  if (job) checkShares(batch, job);
  const rank = job && { rank: job.rank, size: job.size };
  const loader = { train, test, batch, epochs, key: keys.batches, augment, rank };
  const { train: stepsPerEpoch, test: testBatches } = countBatches(loader);
  const resident = options.resident ?? isResident(resume) ?? fitsOnDevice(run, loader);
  return {
    loader,
    batch,
    stepsPerEpoch,
    testBatches,
    steps: stepsPerEpoch * epochs,
    resident,
    keys,
    loss,
  };
}

/**
 * The state in which a training run starts: a fresh one, or that of the checkpoint to resume from.
 *
 * @throws RangeError on fewer steps than the checkpoint has taken.
 * @throws CheckpointError as {@linkcode startOrResume}.
 */
export async function startTraining<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  { keys, loss, resident, steps }: TrainingSetup,
): Promise<Start<P, S>> {
  const { params, optimizer, seed = 0, augment = false } = options;
  const fresh = initialCarry(params, optimizer, keys.dropout);
  const job = severalProcesses(options), { checkpoint, resume } = options;
  const start = await startOrResume(run, { ...options, loss, seed, augment, resident }, fresh, {
    ...(checkpoint && !(job?.rank) && { checkpoint }),
    resume,
  });
  if (start.step > steps) {
    throw new RangeError(
      `fit: expected epochs of at least the ${counted(start.step, "step")} taken, found ${
        counted(steps, "step")
      }`,
    );
  }
  if (!job) return start;
  checkSameStep(job, start.step);
  return { ...start, carry: await shareTensors(run, job, start.carry) };
}

/** The batches of a training run from where it starts. */
export function openBatches<P extends Params, S extends Params>(
  run: Runtime,
  { prefetch }: FitOptions<P, S>,
  { loader, testBatches, resident }: TrainingSetup,
  { step, epochs }: Start<P, S>,
): InputPipeline {
  const from = step + epochs.length * testBatches;
  return openInputPipeline(run, { ...loader, from }, { resident, prefetch });
}
