/**
 * The events that `fit` emits while it trains.
 *
 * @module
 */
import type { Params } from "../tensor.ts";
import type { Evaluation } from "./evaluate.ts";

/** The progress of a training run. */
export interface Progress {
  /** Steps taken. */
  readonly step: number;
  /**
   * Steps of the whole training run. Of a stream that does not say its length: NaN in the first epoch, then as
   * if all were as long as the last one.
   */
  readonly steps: number;
  /** The current epoch, from 0. */
  readonly epoch: number;
  /** The mean per-example loss since the start of the epoch, each with the parameters of its step. */
  readonly trainLoss: number;
  /**
   * The fraction of correct predictions since the start of the epoch, likewise; of several labels at once, of
   * examples with all labels correct; NaN where labels are numbers.
   */
  readonly trainAccuracy: number;
  /** The metrics since the start of the epoch, by name, likewise; absent if there are none. */
  readonly trainMetrics?: Readonly<Record<string, number>>;
  /**
   * Steps without an update so far, of a run whose `onNonFinite` goes on; absent where numbers that are not
   * finite end it.
   */
  readonly skippedSteps?: number;
  /** The factor of the learning rate by now, of a run whose `onNonFinite` lowers it. */
  readonly rateFactor?: number;
  /**
   * Training throughput in this epoch, in images per second; a session's first step, which compiles, is not
   * counted.
   */
  readonly imagesPerSecond: number;
}

/** Emitted at intervals within an epoch. */
export interface ProgressEvent extends Progress {
  /** Which event it is. */
  readonly kind: "progress";
}

/** The record of an epoch that has ended. */
export interface EpochRecord extends Progress {
  /** Seconds that its steps took, without the evaluation. */
  readonly seconds: number;
  /** Loss, accuracy and metrics on the test images, if there are any. */
  readonly test?: Evaluation | undefined;
}

/** Emitted after an epoch. */
export interface EpochEvent<P extends Params = Params> extends EpochRecord {
  /** Which event it is. */
  readonly kind: "epoch";
  /** The parameters; released when the next event is requested. */
  readonly params: P;
  /** Their running averages, which `test` is of, in a training run with `averaging`; released likewise. */
  readonly averages?: P | undefined;
  /** Whether this epoch is the best one so far, in a training run with `best`. */
  readonly isBest?: boolean | undefined;
}

/** Emitted after a checkpoint has been written. */
export interface CheckpointEvent {
  /** Which event it is. */
  readonly kind: "checkpoint";
  /** Steps taken. */
  readonly step: number;
  /** The file. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Seconds that training paused for it. */
  readonly seconds: number;
}

/** The last event. */
export interface EndEvent<P extends Params = Params> {
  /** Which event it is. */
  readonly kind: "end";
  /** Steps taken. */
  readonly step: number;
  /** Whether the signal stopped the training run early. */
  readonly stopped: boolean;
  /** Whether it ended early because no epoch was better than the best one for as long as `best.patience`. */
  readonly outOfPatience: boolean;
  /** The parameters after the last step. */
  readonly params: P;
  /** Their running averages, in a training run with `averaging`. */
  readonly averages?: P | undefined;
  /** The best epoch, in a training run with `best`; absent if no epoch ended. */
  readonly best?: BestEpoch<P> | undefined;
}

/** The best epoch of a training run. */
export interface BestEpoch<P extends Params = Params> extends EpochRecord {
  /** The parameters after it, or their averages in a training run with `averaging`. */
  readonly params: P;
}

/** An event of `fit`. */
export type FitEvent<P extends Params = Params> =
  | ProgressEvent
  | EpochEvent<P>
  | CheckpointEvent
  | EndEvent<P>;
