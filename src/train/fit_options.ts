/**
 * The options of `fit`.
 *
 * @module
 */
import type { Distributed } from "../distributed/mod.ts";
import type { Loss } from "../nn/losses.ts";
import type { Metric } from "../nn/metrics.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { Params } from "../tensor.ts";
import type { BestOptions } from "./best.ts";
import type { TrainingMemory } from "./memory/training_memory.ts";
import type { FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
import type { CheckpointOptions } from "./checkpoint/saver.ts";
import type { TrainingSource } from "./input/batch_stream.ts";
import type { NonFiniteAction, NonFiniteOptions } from "./nonfinite/policy.ts";
import type { Training } from "./objective.ts";

/** The net, the data and the settings of `fit`. */
export interface FitOptions<P extends Params, S extends Params>
  extends Omit<Training<P>, "loss" | "classes"> {
  /** The initial parameters, which are not consumed. */
  readonly params: P;
  /** The optimizer. */
  readonly optimizer: Optimizer<S>;
  /**
   * What to train on: prepared images, or batches that a program makes, in arrays, generators, or as a
   * function of the epoch, `(epoch) => batches`, each batch being `{ images, labels }` with any tensor as
   * images. A run on batches resumes within an epoch: a function is called for that epoch again, and the
   * batches before the checkpoint are left out, so that the bits are the same if it gives the same batches.
   */
  readonly train: TrainingSource;
  /** What to evaluate on after each epoch, in one of the same forms; no evaluation if left out. */
  readonly test?: TrainingSource;
  /** Images per batch, in training and testing; needed where images are prepared. */
  readonly batch?: number;
  /** The number of epochs. */
  readonly epochs: number;
  /**
   * In how many equal parts each batch is computed, one after another, to use less memory; 1 if left out. The
   * parameters move after the whole batch, as they would without parts up to rounding; but batch norm sees one
   * part at a time, and each part has a dropout mask of its own.
   */
  readonly accumulate?: number | undefined;
  /**
   * The decay of running averages of the parameters, such as 0.999: these are evaluated after each epoch, are
   * in checkpoints, and are the `averages` of events. None if left out.
   */
  readonly averaging?: number | undefined;
  /** Keeps the parameters of the best epoch, and ends training where none is better for long. */
  readonly best?: BestOptions | undefined;
  /**
   * What is done where a loss, a gradient or an updated weight is not finite: `stop`, if left out, ends the run
   * with a {@linkcode DivergedError}; `skip` drops the step's update; `lower-rate` goes back to the last
   * parameters with finite loss and gradients and halves the learning rate. Both go on, but not forever: see
   * {@linkcode NonFiniteOptions}, which also say by how much and how often.
   */
  readonly onNonFinite?: NonFiniteAction | NonFiniteOptions | undefined;
  /** The random seed of the order and augmentation of images and of dropout; 0 if left out. */
  readonly seed?: number;
  /**
   * Any per-example loss, such as one of `LOSSES`; `softmaxCrossEntropy` if left out. Of losses with further
   * axes an example has their mean. With an `objective`, that of the evaluation.
   */
  readonly loss?: Loss;
  /**
   * Metrics to report in training and evaluation beside loss and accuracy, by name, such as some of `METRICS`;
   * if left out, those of the loss: label accuracy and F1 of several labels at once, mean absolute error and
   * R² of numbers.
   */
  readonly metrics?: Readonly<Record<string, Metric>> | undefined;
  /** The names of the classes or numbers, for checkpoints; those of the training data if left out. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether training images are augmented as `train.augmentation` says; false if left out. */
  readonly augment?: boolean;
  /** Whether a worker thread prefetches batches made on the host; if left out, where there is enough data. */
  readonly prefetch?: boolean;
  /**
   * Whether the data is kept on the device, which then makes the batches itself, equal up to rounding. If
   * left out: as before when resuming, else whether the device has its own memory with enough room.
   */
  readonly resident?: boolean | undefined;
  /** The least seconds between two progress events; 1 if left out, Infinity for none. */
  readonly progressEvery?: number;
  /** A progress event after every so many steps besides, whatever the time; none if left out. */
  readonly progressSteps?: number | undefined;
  /** Stops training after the current step; before the first one if it is aborted by then. */
  readonly signal?: AbortSignal;
  /**
   * The processes that train together, as `distributed()` gives them: each computes its share of every
   * batch of prepared images, and gradients are summed over all. Every process must call `fit` with the same
   * options. The random numbers are those of one process, so the weights are too, up to rounding; batch norm,
   * whose statistics are of each share, is the exception. Only process 0 writes checkpoints, from which any
   * number of processes can resume.
   */
  readonly distributed?: Distributed | undefined;
  /**
   * Called before the first step with the memory that the run needs in all, and the bytes that there are for it
   * beside what the runtime holds already; undefined where that is not known. A run that needs more is not started:
   * see {@linkcode OpenOptions.memory}.
   */
  readonly onMemory?:
    | ((needed: TrainingMemory, available: number | undefined) => void | Promise<void>)
    | undefined;
  /** Where checkpoints are stored, and how often they are written; none if left out. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * The result of {@linkcode findCheckpoint} for their folder: training resumes from there, with the same
   * bits on the same device as without the interruption, or starts from the beginning if there is none. A
   * finished training run can resume with more epochs, with the same bits as if it had had them from the
   * start.
   */
  readonly resume?: FoundCheckpoint | undefined;
  /**
   * Whether a run may resume with another learning rate, another rule of the same state or another
   * `onNonFinite` than its checkpoint's, as after it diverged; false if left out, when they are refused. It
   * starts from the checkpoint's last parameters whose loss and gradients were finite, one update before its own.
   */
  readonly newOptimizer?: boolean | undefined;
}
