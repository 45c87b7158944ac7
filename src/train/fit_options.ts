/**
 * The options of `fit`.
 *
 * @module
 */
import type { Prepared } from "../data/mod.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/losses.ts";
import type { Optimizer } from "../optim/mod.ts";
import type { Params } from "../tensor.ts";
import type { FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
import type { CheckpointOptions } from "./checkpoint/saver.ts";

/** What `fit` trains, on what, and how. */
export interface FitOptions<P extends Params, S extends Params> {
  /** The net to train. */
  readonly net: Layer<P>;
  /** The initial parameters; they stay the caller's. */
  readonly params: P;
  /** Updates the parameters. */
  readonly optimizer: Optimizer<S>;
  /** Training images. */
  readonly train: Prepared;
  /** Test images, if the net is to be evaluated after each epoch. */
  readonly test?: Prepared;
  /** Images a batch, in training and testing. */
  readonly batch: number;
  /** How often all training images are seen. */
  readonly epochs: number;
  /** Decides the order, the augmentation of images and dropout. 0 if left out. */
  readonly seed?: number;
  /** Any per-example loss, such as one of `LOSSES`; `softmaxCrossEntropy` if left out. */
  readonly loss?: Loss;
  /** Whether training images are augmented as the source says; false if left out. */
  readonly augment?: boolean;
  /** Whether a worker prefetches batches made on the host; if left out, where there is enough to do. */
  readonly prefetch?: boolean;
  /**
   * Whether the data is kept on the device, which then makes batches itself, equal up to rounding; if left
   * out, where the device has memory of its own and room in it, and as it was where a training resumes.
   */
  readonly resident?: boolean | undefined;
  /** The least seconds between two progress events; 1 if left out, Infinity for none. */
  readonly progressEvery?: number;
  /** Ends the training after the step at hand. */
  readonly signal?: AbortSignal;
  /** Where checkpoints are kept, and how often one is written; none if left out. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * What {@linkcode findCheckpoint} found in their folder: a training resumes from there as if it had
   * never ended, to the same bits on the same device, or starts where nothing was found. A training
   * that has ended can resume with more epochs, to the bits of one that had them from the start.
   */
  readonly resume?: FoundCheckpoint | undefined;
}
