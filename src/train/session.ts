/**
 * A session of a training run: its carry, its progress and its metrics.
 *
 * @module
 */
import type { TargetKind } from "../nn/loss_table.ts";
import type { Metric } from "../nn/metrics.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Start } from "./checkpoint/resume.ts";
import type { Position } from "./checkpoint/saver.ts";
import type { EpochRecord, Progress } from "./events.ts";
import { Meter } from "./meter.ts";
import { metricValues } from "./metric_sums.ts";
import type { Carry } from "./step.ts";

/** The extent of a training run, and what it measures. */
export interface TrainingExtent {
  /** Steps per epoch; undefined where the first epoch has to show it. */
  readonly stepsPerEpoch: number | undefined;
  /** Epochs of the whole training run. */
  readonly epochs: number;
  /** What the net predicts; of numbers there is no accuracy. */
  readonly kind: TargetKind;
  /** The predictions of an example: 1, or more where a class is predicted for each of its parts. */
  readonly predictions: number;
  /** The metrics, by name. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** Thrown inside `fit` where a step has ended the run as its numbers were not finite. */
export class BadStep extends Error {
  /** The step, from 0. */
  readonly step: number;
  /** Whether its loss or gradients were not finite. */
  readonly badParams: boolean;
  /** Steps taken before the last parameters with finite loss and gradients. */
  readonly goodStep: number;

  constructor(step: number, badParams: boolean, lastStep = Math.max(0, step - 1)) {
    super(`fit: expected finite numbers, found others at step ${step + 1}`);
    this.step = step;
    this.badParams = badParams;
    this.goodStep = badParams ? lastStep : step;
  }
}

/** The mean loss, accuracy and metrics since the start of the epoch; throws if a step has diverged. */
async function readMetrics(
  run: Runtime,
  { metrics: sums, recovery }: Carry,
  { kind, predictions, metrics }: TrainingExtent,
) {
  const { badParams, skipped: skips, rateFactor: factor, lastStep } = recovery ?? {};
  const asList = (x: Tensor | undefined) => x ? [x] : [];
  const { own, counts } = await run.read({
    own: sums,
    counts: [badParams, skips, factor, lastStep].map(asList),
  });
  const { loss, correct, images, parts, badStep: [bad = -1] } = own;
  // A step that diverges is noticed in its epoch, before the next one starts.
  const [paramsAreBad, skipped, rateFactor, last] = counts.map(([data]) => data?.[0]);
  if (bad >= 0) throw new BadStep(bad, paramsAreBad === 1, last);
  const count = images[0]!, trainMetrics = metricValues(metrics, parts, count);
  return {
    trainLoss: loss[0]! / count,
    trainAccuracy: kind === "numbers" ? NaN : correct[0]! / (count * predictions),
    ...(trainMetrics && { trainMetrics }),
    ...(skipped !== undefined && { skippedSteps: skipped }),
    ...(rateFactor !== undefined && rateFactor !== 1 && { rateFactor }),
  };
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
  readonly #extent: TrainingExtent;
  #endsEpoch = false;

  /** A session that starts in the state {@linkcode Start}. */
  constructor(run: Runtime, start: Start<P, S>, extent: TrainingExtent) {
    this.carry = start.carry;
    this.step = start.step;
    this.#epochs = [...start.epochs];
    this.#firstStep = start.step + 1;
    this.#meter = new Meter(start.seconds);
    this.#run = run;
    this.#extent = extent;
  }

  /**
   * Counts a step that has been queued.
   *
   * @param images How many images it was on.
   * @param last Whether it was the last of its epoch.
   */
  advance(carry: Carry<P, S>, images: number, last: boolean): void {
    this.carry = carry;
    this.step++;
    this.#endsEpoch = last;
    this.#meter.count(images);
  }

  /** Whether the last step was the last of an epoch. */
  get endsEpoch(): boolean {
    return this.#endsEpoch;
  }

  /** Whether all epochs have ended. */
  get ended(): boolean {
    return this.#epochs.length >= this.#extent.epochs;
  }

  /** Steps of the whole training run, as far as known. */
  get steps(): number {
    const { stepsPerEpoch, epochs } = this.#extent;
    if (stepsPerEpoch !== undefined) return stepsPerEpoch * epochs;
    const [before, last] = [0, ...this.#epochs.map(({ step }) => step)].slice(-2);
    return last === undefined
      ? NaN
      : last + (epochs - this.#epochs.length) * (last - (before ?? 0));
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

  /** Loss, accuracy and throughput of the epoch. Throws {@linkcode BadStep} if a step has ended the run. */
  async measure(): Promise<Omit<EpochRecord, "test">> {
    const { step, carry, steps } = this, epoch = this.#epochs.length;
    const sums = await readMetrics(this.#run, carry, this.#extent);
    if (this.compiled && !this.endsEpoch) this.#meter.restart();
    const { seconds, imagesPerSecond } = this.#meter.measure();
    const progress: Progress = { step, steps, epoch, ...sums, imagesPerSecond };
    return { ...progress, seconds };
  }

  /** Throws {@linkcode BadStep} if a step has ended the run. */
  async check(): Promise<void> {
    await readMetrics(this.#run, this.carry, this.#extent);
  }

  /** Stores the record of a finished epoch. */
  record(epoch: EpochRecord): void {
    this.#epochs.push(epoch);
  }

  /** Starts the next epoch. */
  startEpoch(): void {
    this.#meter.startEpoch();
  }

  /** The epochs that have ended. */
  get epochs(): readonly EpochRecord[] {
    return this.#epochs;
  }

  /** What a checkpoint holds besides the carry. */
  get position(): Position {
    return { step: this.step, seconds: this.#meter.seconds, epochs: this.#epochs };
  }
}
