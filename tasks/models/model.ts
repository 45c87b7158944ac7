/**
 * What must be known of a trained net to build it again and to feed it.
 *
 * @module
 */
import {
  type Activation,
  fitnet4,
  type Fitnet4Options,
  type Model,
  MODELS,
} from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Spec } from "../../src/spec.ts";
import type { LossName } from "../../src/nn/mod.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { type Preprocessing, recipeWith } from "../datasets/recipes.ts";
import type { DatasetName } from "../datasets/registry.ts";
import type { TaskName } from "../run/settings.ts";

/** What must be known of a net. */
export interface ModelSpec extends ImageSize {
  readonly net: keyof typeof MODELS;
  readonly activation: Activation;
  readonly blocks?: Fitnet4Options["blocks"] | undefined;
  /** The rate of its dropout layers; the net's own if left out. */
  readonly dropout?: number | undefined;
  readonly classes: number;
  /** What these are called, where that is not told by the data set's name. */
  readonly classNames?: readonly string[] | undefined;
  readonly preprocessing: Preprocessing;
  /** The mean image of `contrast`, [height, width, channels], if known. */
  readonly mean?: Float32Array<ArrayBuffer> | undefined;
  /** The loss that it was trained by. */
  readonly loss: LossName;
  /** What it was trained on. */
  readonly dataset: DatasetName;
  /** On how many of its images; on all if left out. */
  readonly subset?: number | undefined;
}

/** The training task whose data is preprocessed so. */
export const taskOf = ({ preprocessing }: Pick<ModelSpec, "preprocessing">): TaskName =>
  recipeWith(preprocessing);

/** The net of a model, with the layers that it was trained with. */
export function netOf({ net, activation, blocks, dropout, classes }: ModelSpec): Model {
  const options = { activation, classes, dropout };
  return net === "fitnet4" ? fitnet4({ ...options, blocks }) : MODELS[net](options);
}

/** The images that a model takes. */
export const imagesOf = ({ height, width, channels }: ImageSize, batch = 1): Spec => ({
  shape: [batch, height, width, channels],
  dtype: "f32",
});

/** Sizes of an image as text: `32x32x3`. */
export const showSize = ({ height, width, channels }: ImageSize): string =>
  `${height}x${width}x${channels}`;

/** Parameters of a model's net, uncomputed. Throws a {@linkcode TaskError} on images that are too small for it. */
export function paramsOf(net: Model, model: ModelSpec): ReturnType<Model["init"]> {
  try {
    return net.init(key(0), imagesOf(model));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TaskError(
      `input: expected images that ${model.net} can take, found ${
        showSize(model)
      }: ${cause.message}`,
      { cause },
    );
  }
}

/** A model in a few words. */
export const titleOf = ({ net, blocks, activation }: ModelSpec): string =>
  [net, blocks, activation].filter(Boolean).join(" ");
