/**
 * What a training run needs of its data, whether images in memory or batches that a program makes.
 *
 * @module
 */
import type { Split } from "../../data/mod.ts";
import type { Spec } from "../../spec.ts";
import type { Params } from "../../tensor.ts";
import type { Examples } from "./batch_tensors.ts";

/** A batch, with the number of its examples. */
export interface Counted {
  readonly count: number;
}

/** A training batch, and its place in the epoch. */
export interface TrainingBatch<B extends Counted = Counted> {
  readonly batch: B;
  /** Whether it is the first of its epoch. */
  readonly first: boolean;
  /** Whether it is the last of its epoch; awaited after its step. */
  readonly last: boolean | Promise<boolean>;
}

/** The batches of a training run. Each is valid until the next one is requested. */
export interface TrainingInput<B extends Counted = Counted> extends AsyncDisposable {
  /** The training batches, from where the run starts to its end. */
  train(): Iterable<TrainingBatch<B>> | AsyncIterable<TrainingBatch<B>>;
  /** The test batches, once. */
  test(): Iterable<B> | AsyncIterable<B>;
  /** The inputs of a compiled function for a batch. */
  inputs(batch: B): Params;
  /** Computes images and labels from those inputs, inside the compiled function. */
  materialize(inputs: Params, split: Split): Examples;
}

/** Where a training run starts. */
export interface StartPoint {
  /** Steps taken before. */
  readonly step: number;
  /** The epochs that ended before, each with the steps taken by its end. */
  readonly epochs: readonly { readonly step: number }[];
}

/** The inputs of steps without elements. */
export interface InputOutline {
  /** Placeholders of a batch's inputs, and of data on the device beside them. */
  readonly inputs: Params;
  /** As the opened input's, of {@linkcode inputs}. */
  materialize(inputs: Params, split: Split): Examples;
  /** Bytes of the images in host memory. */
  readonly dataset: number;
  /** Bytes of the memory on the host in which batches are made. */
  readonly batches: number;
}

/** The data of a training run. */
export interface TrainingData {
  /** The images and labels of a training batch. */
  readonly examples: { readonly images: Spec; readonly labels: Spec };
  /** The number of classes, or of an example's numbers. */
  readonly classes: number;
  /** Their names, if known. */
  readonly classNames?: readonly string[] | undefined;
  /** The batches of an epoch; undefined where the first epoch has to show it. */
  readonly stepsPerEpoch: number | undefined;
  /** Whether there is test data. */
  readonly tested: boolean;
  /** Whether the device makes the batches. */
  readonly resident: boolean;
  /** What steps take, as it is known before any batch is made. */
  readonly outline: InputOutline;
  /** Texts that identify the training and the test data, for checkpoints. */
  describe(): Promise<Readonly<Record<Split, string>>>;
  /** Opens the batches. */
  open(start: StartPoint): TrainingInput;
}
