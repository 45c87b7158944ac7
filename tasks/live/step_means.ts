/**
 * Means over the steps since the last point, computed from the running means of the epoch that a training
 * emits.
 *
 * @module
 */
import type { Progress } from "../../src/train/mod.ts";
import { short } from "./rounding.ts";
import type { RunFacts, StepPoint } from "./view.ts";

/** Sums over an epoch from its first step, and seconds from its first timed step. */
interface Sums {
  readonly step: number;
  readonly loss: number;
  readonly correct: number;
  readonly seconds: number;
}

/** A point, and whether it covers too few steps for a point of its own, as at an epoch's end. */
export interface NextPoint {
  readonly point: StepPoint;
  readonly brief: boolean;
}

/** Converts progress to points. */
export class StepMeans {
  readonly #facts: Pick<RunFacts, "stepsPerEpoch" | "batch">;
  /** The step after which steps are timed: the one at which code was last compiled. */
  #timedFrom = 0;
  /** Steps from one point to the next. */
  #window = 0;
  #sums: Sums = { step: 0, loss: 0, correct: 0, seconds: 0 };

  /** For a run. */
  constructor(facts: Pick<RunFacts, "stepsPerEpoch" | "batch">) {
    this.#facts = facts;
  }

  /** Tells that a run has resumed after a step. */
  resumeAfter(step: number): void {
    this.#timedFrom = step;
  }

  /**
   * The point up to here; undefined where no step has been taken since the last one.
   *
   * @param speed Images per second where no step since then was timed.
   */
  next(progress: Progress, speed = NaN): NextPoint | undefined {
    if (progress.imagesPerSecond === 0) this.#timedFrom = progress.step;
    const first = this.#epochStart(progress.step);
    const before = this.#sums.step > first
      ? this.#sums
      : { step: first, loss: 0, correct: 0, seconds: 0 };
    const sums = this.#sums = this.#sumsAt(progress, first), steps = sums.step - before.step;
    if (steps <= 0) return undefined;
    const brief = before.step > first && 2 * steps < this.#window;
    this.#window = steps;
    const point: StepPoint = [
      sums.step,
      steps,
      short((sums.loss - before.loss) / steps),
      short((sums.correct - before.correct) / steps),
      this.#speed(before, sums, first) ?? speed,
    ];
    return { point, brief };
  }

  /** Steps before the epoch of a step. */
  #epochStart(step: number): number {
    const { stepsPerEpoch } = this.#facts;
    return (Math.ceil(step / stepsPerEpoch) - 1) * stepsPerEpoch;
  }

  /** Images of an epoch's steps that were timed. */
  #timedImages(step: number, first: number): number {
    return (step - Math.max(first, this.#timedFrom)) * this.#facts.batch;
  }

  /** Sums since the epoch's first step, from the running means. */
  #sumsAt({ step, trainLoss, trainAccuracy, imagesPerSecond }: Progress, first: number): Sums {
    const done = step - first, timed = this.#timedImages(step, first);
    const seconds = timed > 0 ? timed / imagesPerSecond : 0;
    return { step, loss: trainLoss * done, correct: trainAccuracy * done, seconds };
  }

  /** Images per second between two points; undefined where none was timed. */
  #speed(before: Sums, sums: Sums, first: number): number | undefined {
    const seconds = sums.seconds - before.seconds;
    if (!(seconds > 0)) return undefined;
    const images = (sums.step - before.step) * this.#facts.batch;
    return short(Math.min(this.#timedImages(sums.step, first), images) / seconds);
  }
}
