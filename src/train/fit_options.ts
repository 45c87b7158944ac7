/**
 * The options of `fit`.
 *
 * @module
 */
import type { Prepared } from "../data/mod.ts";
import type { Distributed } from "../distributed/mod.ts";
import type { Loss } from "../nn/losses.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { Params } from "../tensor.ts";
import type { FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
import type { CheckpointOptions } from "./checkpoint/saver.ts";
import type { Training } from "./objective.ts";

/** The net, the data and the settings of `fit`. */
export interface FitOptions<P extends Params, S extends Params>
  extends Omit<Training<P>, "loss" | "classes"> {
  /** The initial parameters, which are not consumed. */
  readonly params: P;
  /** The optimizer. */
  readonly optimizer: Optimizer<S>;
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if the net is to be evaluated after each epoch. */
  readonly test?: Prepared;
  /** Images per batch, in training and testing. */
  readonly batch: number;
  /** The number of epochs. */
  readonly epochs: number;
  /** The random seed of the order and augmentation of images and of dropout; 0 if left out. */
  readonly seed?: number;
  /**
   * Any per-example loss, such as one of `LOSSES`; `softmaxCrossEntropy` if left out. Of losses with further
   * axes an example has their mean. With an `objective`, that of the evaluation.
   */
  readonly loss?: Loss;
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
  /** Stops training after the current step. */
  readonly signal?: AbortSignal;
  /**
   * The processes that train together, as `distributed()` gives them: each computes its share of every
   * batch, and gradients are summed over all. Every process must call `fit` with the same options. The
   * random numbers are those of one process, so the weights are too, up to rounding; batch norm, whose
   * statistics are of each share, is the exception. Only process 0 writes checkpoints, from which any number
   * of processes can resume.
   */
  readonly distributed?: Distributed | undefined;
  /** Where checkpoints are stored, and how often they are written; none if left out. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * The result of {@linkcode findCheckpoint} for their folder: training resumes from there, with the same
   * bits on the same device as without the interruption, or starts from the beginning if there is none. A
   * finished training run can resume with more epochs, with the same bits as if it had had them from the
   * start.
   */
  readonly resume?: FoundCheckpoint | undefined;
}
