/**
 * A session of a training run: its carry, its progress and its metrics.
 *
 * @module
 */
import type { Runtime } from "../runtime/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import type { Start } from "./checkpoint/resume.ts";
import type { Position } from "./checkpoint/saver.ts";
import { DivergedError, type EpochRecord, type Progress } from "./events.ts";
import { Meter } from "./meter.ts";
import type { Carry } from "./step.ts";

/** The sizes of a training run. */
export interface TrainingSizes {
  /** Images per batch. */
  readonly batch: number;
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
  /** Steps of the whole training run. */
  readonly steps: number;
}

/** The mean loss and accuracy since the start of the epoch; throws if a step has diverged. */
async function readMetrics(run: Runtime, { params, metrics }: Carry, stepsPerEpoch: number) {
  const { loss, correct, images, badStep: [bad = -1] } = await run.read(metrics);
  if (bad >= 0) throw new DivergedError(bad, Math.floor(bad / stepsPerEpoch), params);
  return { trainLoss: loss[0]! / images[0]!, trainAccuracy: correct[0]! / images[0]! };
}

/** Throws if weights are not finite. */
async function checkWeights(run: Runtime, { params }: Carry, step: number, epoch: number) {
  const weights = await run.read(leaves<Tensor>(params));
  if (weights.every((data) => (data as Float32Array).every(Number.isFinite))) return;
  throw new DivergedError(step, epoch, params, "finite weights");
}

/** A training run, from its start or from where it resumes. */
export class Session<P extends Params, S extends Params> {
  /** The carry after the last step. */
  carry: Carry<P, S>;
  /** Steps taken, in all sessions. */
  step: number;
  readonly #epochs: EpochRecord[];
  readonly #firstStep: number;
  readonly #meter: Meter;
  readonly #run: Runtime;
  readonly #sizes: TrainingSizes;

  /** A session that starts in the state {@linkcode Start}. */
  constructor(run: Runtime, start: Start<P, S>, sizes: TrainingSizes) {
    this.carry = start.carry;
    this.step = start.step;
    this.#epochs = [...start.epochs];
    this.#firstStep = start.step + 1;
    this.#meter = new Meter(start.seconds);
    this.#run = run;
    this.#sizes = sizes;
  }

  /** Counts a step that has been queued. */
  advance(carry: Carry<P, S>): void {
    this.carry = carry;
    this.step++;
    this.#meter.count(this.#sizes.batch);
  }

  /** Whether the last step was the last of an epoch. */
  get endsEpoch(): boolean {
    return this.step % this.#sizes.stepsPerEpoch === 0;
  }

  /** Whether the last step was the first of the session, which compiles. */
  get compiled(): boolean {
    return this.step === this.#firstStep;
  }

  /** Whether the last step is a multiple of so many. */
  progressDue(everySteps: number | undefined): boolean {
    return everySteps !== undefined && this.step % everySteps === 0;
  }

  /** Whether to report: at the end of an epoch, after the first step, and every so many seconds or steps. */
  reportDue(everySeconds: number, everySteps: number | undefined): boolean {
    return this.endsEpoch || this.compiled || this.progressDue(everySteps) ||
      this.#meter.sinceMeasured >= everySeconds;
  }

  /** Loss, accuracy and throughput of the epoch. Throws a DivergedError if a step has diverged. */
  async measure(): Promise<Omit<EpochRecord, "test">> {
    const { step, carry } = this, { steps, stepsPerEpoch } = this.#sizes;
    const sums = await readMetrics(this.#run, carry, stepsPerEpoch);
    const epoch = Math.ceil(step / stepsPerEpoch) - 1;
    // Weights that are not finite show in the next step; after the last step they are read instead.
    if (step === steps) await checkWeights(this.#run, carry, step - 1, epoch);
    if (this.compiled && !this.endsEpoch) this.#meter.restart();
    const { seconds, imagesPerSecond } = this.#meter.measure();
    const progress: Progress = { step, steps, epoch, ...sums, imagesPerSecond };
    return { ...progress, seconds };
  }

  /** Throws a DivergedError if a step has diverged. */
  async check(): Promise<void> {
    await readMetrics(this.#run, this.carry, this.#sizes.stepsPerEpoch);
  }

  /** Stores the record of a finished epoch. */
  record(epoch: EpochRecord): void {
    this.#epochs.push(epoch);
  }

  /** Starts the next epoch. */
  startEpoch(): void {
    this.#meter.startEpoch();
  }

  /** What a checkpoint holds besides the carry. */
  get position(): Position {
    return { step: this.step, seconds: this.#meter.seconds, epochs: this.#epochs };
  }
}
