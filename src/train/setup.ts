/**
 * Sets up a training run: its data, what it measures, and the state in which it starts.
 *
 * @module
 */
import { counted } from "../counted.ts";
import type { Prepared } from "../data/prepared.ts";
import type { Distributed } from "../distributed/mod.ts";
import { type TargetKind, targetKind, USUAL_METRICS } from "../nn/loss_table.ts";
import { type Loss, softmaxCrossEntropy } from "../nn/losses.ts";
import { shareTensors } from "../processes.ts";
import type { Runtime } from "../runtime/mod.ts";
import { sizeOf } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import { CheckpointError } from "./checkpoint/checkpoint.ts";
import { isResident } from "./checkpoint/fingerprint.ts";
import { checkAccumulation } from "./accumulation.ts";
import { checkAveraging } from "./averaging.ts";
import { checkBest } from "./best.ts";
import { type Start, startOrResume } from "./checkpoint/resume.ts";
import type { FitOptions } from "./fit_options.ts";
import { isPrepared } from "./input/batch_stream.ts";
import { preparedData } from "./input/prepared_data.ts";
import { streamData } from "./input/stream_data.ts";
import type { StartPoint, TrainingData } from "./input/training_data.ts";
import { type RunKeys, runKeys } from "./keys.ts";
import { countParts, uncomputedOutputs } from "./metric_sums.ts";
import { checkSameStep } from "./parallel/agree.ts";
import { checkShares } from "./parallel/steps.ts";
import type { TrainingExtent } from "./session.ts";
import { initialRecovery } from "./nonfinite/recovery.ts";
import { type NonFinitePolicy, nonFinitePolicy } from "./nonfinite/policy.ts";
import { type Carry, initialCarry } from "./step.ts";

/** The setup of a training run. */
export interface TrainingSetup extends TrainingExtent {
  readonly data: TrainingData;
  readonly keys: RunKeys;
  readonly loss: Loss;
  /** What is done where numbers are not finite. */
  readonly policy: NonFinitePolicy;
}

/** The processes that train together; undefined for one alone. */
export const severalProcesses = (
  { distributed }: Pick<FitOptions<Params, Params>, "distributed">,
): Distributed | undefined => distributed && distributed.size > 1 ? distributed : undefined;

/** Throws RangeError unless a count is an integer of at least 1. */
function checkCount(name: string, count: number | undefined): void {
  if (Number.isInteger(count) && count! >= 1) return;
  throw new RangeError(`fit: expected ${name} to be an integer of at least 1, found ${count}`);
}

/** Where the run starts that a checkpoint, if any, resumes. */
const startPoint = ({ resume }: Pick<FitOptions<Params, Params>, "resume">): StartPoint =>
  resume?.checkpoint ?? { step: 0, epochs: [] };

/** A run's data once more, where it can be had from a step on; throws Error where it cannot. */
export async function reopenData<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  { data, keys, kind }: TrainingSetup,
  at: StartPoint,
): Promise<TrainingData> {
  const { train, test } = options;
  if (isPrepared(train) && (!test || isPrepared(test))) return data;
  if (Symbol.iterator in train || Symbol.asyncIterator in train) {
    if (!Array.isArray(train)) throw new Error("its batches can be read only once");
  }
  return await openData(run, options, { keys, kind }, at);
}

/** The data of a run, from images in memory or from streams. */
async function openData<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  { keys, kind }: { readonly keys: RunKeys; readonly kind: TargetKind },
  at: StartPoint = startPoint(options),
): Promise<TrainingData> {
  const { train, test, batch, epochs, augment = false, prefetch, resume } = options;
  const key = keys.batches, both = [train, ...test ? [test] : []], job = severalProcesses(options);
  if (both.some(isPrepared)) checkCount("batch", batch);
  if (both.every(isPrepared)) {
    if (job) checkShares(batch!, job);
    const rank = job && { rank: job.rank, size: job.size };
    const sources = { train: train as Prepared, test: test as Prepared | undefined };
    const loader = { ...sources, epochs, key, rank };
    const resident = options.resident ?? isResident(resume);
    return preparedData(run, { ...loader, batch: batch!, augment }, { resident, prefetch });
  }
  if (job) {
    throw new RangeError(
      "fit: expected prepared images for several processes, found batches of a program, which they cannot share",
    );
  }
  const outputs = (images: Spec) => uncomputedOutputs(options, images).shape.at(-1) ?? 1;
  const settings = { batch: batch!, key, augment, epochs, kind, outputs };
  return await streamData({ train, test, ...settings }, at);
}

/** Throws RangeError on options of regularization and selection that make no sense. */
function checkExtras<P extends Params, S extends Params>(
  options: FitOptions<P, S>,
  isTested: boolean,
): void {
  const { accumulate = 1, averaging, best, batch, labelSmoothing = 0, objective, mixing } = options;
  checkAccumulation(accumulate, batch);
  if (accumulate > 1 && severalProcesses(options)) {
    throw new RangeError(
      `fit: expected accumulate 1 where several processes train together, found ${accumulate}`,
    );
  }
  if (mixing && severalProcesses(options)) {
    throw new RangeError(
      "fit: expected no mixing where several processes train together, found one: an image's partner may " +
        "be in the share of another process",
    );
  }
  checkAveraging(averaging);
  checkBest(best, isTested);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new RangeError(
      `fit: expected labelSmoothing from 0 to below 1, found ${labelSmoothing}`,
    );
  }
  if (labelSmoothing > 0 && objective) {
    throw new RangeError(
      "fit: expected no objective beside labelSmoothing, found one; smooth the labels inside it",
    );
  }
}

/**
 * Sets up a training run from its options.
 *
 * @throws RangeError on epochs or steps that are not an integer of at least 1, on inconsistent data, and on a batch
 * larger than the data.
 */
export async function setUpTraining<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): Promise<TrainingSetup> {
  const { epochs, seed = 0, progressSteps, loss = softmaxCrossEntropy, onNonFinite } = options;
  checkCount("epochs", epochs);
  if (progressSteps !== undefined) checkCount("progressSteps", progressSteps);
  const keys = runKeys(seed), kind = targetKind(loss), policy = nonFinitePolicy(onNonFinite);
  checkExtras(options, options.test !== undefined);
  const data = await openData(run, options, { keys, kind });
  if (!options.objective) checkTargets(loss, kind, data.examples.labels);
  checkSmoothing(options.labelSmoothing, kind, data.examples.labels);
  const { metrics = options.objective ? {} : USUAL_METRICS[kind] } = options;
  const predictions = countPredictions(kind, data.examples.labels), { stepsPerEpoch } = data;
  return { data, epochs, keys, loss, kind, predictions, metrics, stepsPerEpoch, policy };
}

/** Throws RangeError on classes as labels where the loss is of numbers or of several labels at once. */
function checkTargets(loss: Loss, kind: TargetKind, labels: Spec): void {
  if (kind === "classes" || labels.dtype === "f32") return;
  throw new RangeError(
    `fit: expected labels that are numbers for the loss ${loss.name}, a Float32Array, found classes ${
      showSpec(labels)
    }`,
  );
}

/** Throws RangeError on smoothed labels that are not classes. */
function checkSmoothing(smoothing = 0, kind: TargetKind, labels: Spec): void {
  if (smoothing === 0 || kind === "classes" && labels.dtype !== "f32") return;
  throw new RangeError(
    `fit: expected classes as labels for labelSmoothing, found ${showSpec(labels)}`,
  );
}

/** How many predictions an example has: one for each of its labels, or of their rows of probabilities. */
function countPredictions(kind: TargetKind, { shape, dtype }: Spec): number {
  const own = shape.slice(1, dtype === "f32" ? -1 : undefined);
  return kind === "classes" ? sizeOf(own) : 1;
}

/** How many parts the metrics have of the net's outputs. */
function partsOf<P extends Params, S extends Params>(
  options: FitOptions<P, S>,
  { data: { examples }, metrics }: TrainingSetup,
): Readonly<Record<string, number>> {
  if (Object.keys(metrics).length === 0) return {};
  return countParts(metrics, uncomputedOutputs(options, examples.images), examples.labels);
}

/** A carry with what its steps go back to where numbers are not finite. */
function recoverable<P extends Params, S extends Params>(
  carry: Carry<P, S>,
  policy: NonFinitePolicy,
): Carry<P, S> {
  const { params, state, averages } = carry, snapshot = { params, state, averages };
  const all = leaves<Tensor>({ params, state, averages: averages ?? [] });
  const bytes = all.reduce((sum, { size }) => sum + 4 * size, 0);
  const keepsLast = policy.action === "lower-rate" || bytes <= policy.keepBytes;
  return { ...carry, recovery: initialRecovery(snapshot as Carry<P, S>, policy, keepsLast) };
}

/** The state in which a training run starts anew. */
export function freshCarry<P extends Params, S extends Params>(
  options: FitOptions<P, S>,
  setup: TrainingSetup,
): Carry<P, S> {
  const { params, optimizer, averaging } = options, { keys, policy } = setup;
  const parts = partsOf(options, setup);
  return recoverable(initialCarry(params, optimizer, keys.dropout, parts, averaging), policy);
}

/**
 * Throws RangeError on a run that is shorter than what has been trained, and CheckpointError on a checkpoint
 * with more steps than its epochs have.
 */
function checkExtent(
  start: { readonly step: number; readonly epochs: readonly unknown[] },
  { epochs, stepsPerEpoch }: TrainingExtent,
): void {
  const begun = start.epochs.length + 1;
  if (stepsPerEpoch !== undefined && start.step > begun * stepsPerEpoch) {
    throw new CheckpointError(
      `expected a checkpoint of at most ${counted(begun * stepsPerEpoch, "step")}, those of its ` +
        `${counted(begun, "epoch")}, found one of ${counted(start.step, "step")}`,
    );
  }
  const steps = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * epochs;
  if (start.epochs.length <= epochs && start.step <= (steps ?? Infinity)) return;
  throw new RangeError(
    `fit: expected epochs of at least the ${counted(start.step, "step")} taken, found ${
      steps === undefined ? counted(epochs, "epoch") : counted(steps, "step")
    }`,
  );
}

/**
 * The state in which a training run starts: a fresh one, or that of the checkpoint to resume from.
 *
 * @throws RangeError on fewer epochs than the checkpoint's, or fewer steps than it has taken.
 * @throws CheckpointError as {@linkcode startOrResume}, and on more steps than the checkpoint's epochs have.
 */
export async function startTraining<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  setup: TrainingSetup,
): Promise<Start<P, S>> {
  const { seed = 0, augment = false } = options, { loss, data } = setup;
  const fresh = freshCarry(options, setup);
  const metrics = Object.keys(setup.metrics), { classNames = data.classNames } = options;
  const job = severalProcesses(options), { checkpoint, resume, newOptimizer } = options;
  const { policy } = setup, trained = { ...options, loss, seed, augment, data, metrics, policy };
  const start = await startOrResume(run, trained, fresh, {
    ...(checkpoint && !(job?.rank) && { checkpoint }),
    resume,
    newOptimizer,
    classNames,
  });
  checkExtent(start, setup);
  if (!job) return start;
  checkSameStep(job, start.step);
  return { ...start, carry: await shareTensors(run, job, start.carry) };
}
