/**
 * Trainings of a tiny net that are cut off, and all that they emit.
 *
 * @module
 */
import { prepareCifar } from "../../../src/data/mod.ts";
import { adam, multiStepSchedule, type Optimizer, rmsprop, sgd } from "../../../src/optim/mod.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../../src/tensor.ts";
import { leaves } from "../../../src/tree.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import type { EpochRecord } from "../../../src/train/events.ts";
import { fit } from "../../../src/train/fit.ts";
import type { FitOptions } from "../../../src/train/fit_options.ts";
import { halves, tinyNet, tinyParams } from "../fixtures.ts";

/** Steps of a training by {@linkcode setting}: 3 epochs of 4. */
export const STEPS = 12;

const rate = multiStepSchedule(0.05, 0.5, [5]);

/** Optimizers of every kind, the rate dropped half-way. */
export const OPTIMIZERS = {
  sgd: sgd({ learningRate: rate, momentum: 0.9, weightDecay: 1e-3 }) as Optimizer<Params>,
  rmsprop: rmsprop({ learningRate: multiStepSchedule(0.01, 0.5, [5]) }) as Optimizer<Params>,
  adam: adam({ learningRate: rate }) as Optimizer<Params>,
};

const { train, test } = prepareCifar(halves(70), halves(21, 1));

/** A training with everything that can be drawn: order, augmentation, dropout. */
export function setting(optimizer = OPTIMIZERS.sgd) {
  const net = tinyNet(0.2), params = tinyParams(net), seed = 5;
  const data = { train, test, batch: 16, epochs: 3, augment: true, seed };
  return { net, params, optimizer, ...data, progressEvery: Infinity };
}

/** A runtime's memory at each step of a training after the twentieth, as `signal` is looked at. */
export function memoryAtSteps(run: Runtime) {
  const seen: string[] = [];
  // The first look is before the first step.
  let step = -1;
  const signal = {
    get aborted() {
      if (++step > 20) seen.push(JSON.stringify(run.memory()));
      return false;
    },
  } as AbortSignal;
  return { seen, signal };
}

/** What a training has emitted: its epochs but for times, and its last weights. */
export interface Emitted {
  readonly epochs: readonly unknown[];
  readonly checkpoints: readonly number[];
  /** The weights at the end; absent if it was cut off. */
  readonly weights?: unknown;
}

/** An epoch without what differs from run to run. */
export function timeless({ step, epoch, trainLoss, trainAccuracy, test }: EpochRecord) {
  return { step, epoch, trainLoss, trainAccuracy, test };
}

/** Trains to the end, or, as a program that is killed, until the checkpoint after a step is written. */
export async function trainTo(
  run: Runtime,
  options: FitOptions<ReturnType<typeof setting>["params"], Params>,
  cut = Infinity,
): Promise<Emitted> {
  const epochs: unknown[] = [], checkpoints: number[] = [];
  for await (const event of fit(run, options)) {
    if (event.kind === "epoch") epochs.push(timeless(event));
    else if (event.kind === "checkpoint") {
      checkpoints.push(event.step);
      if (event.step >= cut) break;
    } else if (event.kind === "end") {
      const weights = await run.read(leaves<Tensor>(event.params));
      return { epochs, checkpoints, weights };
    }
  }
  return { epochs, checkpoints };
}

/** Resumes what is in a folder; its epochs are those of before and those that are emitted. */
export async function resumeIn(
  run: Runtime,
  folder: string,
  options: ReturnType<typeof setting>,
  { everySteps = 1, cut = Infinity } = {},
): Promise<Emitted> {
  const resume = await findCheckpoint(folder), checkpoint = { folder, everySteps };
  const emitted = await trainTo(run, { ...options, checkpoint, resume }, cut);
  const before = (resume.checkpoint?.epochs ?? []).map(timeless);
  return { ...emitted, epochs: [...before, ...emitted.epochs] };
}
