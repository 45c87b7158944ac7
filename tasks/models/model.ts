/**
 * What must be known of a trained net to build it again and to feed it.
 *
 * @module
 */
import type { Initializer } from "../../src/init/mod.ts";
import type { Activation, Model } from "../../src/models/mod.ts";
import {
  createModel,
  type ModelName,
  ownOptions,
  type OwnValues,
} from "../../src/models/registry.ts";
import { key } from "../../src/random.ts";
import type { Spec } from "../../src/spec.ts";
import type { LossName } from "../../src/nn/mod.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { type Preprocessing, recipeWith } from "../datasets/preparations.ts";
import type { DatasetName } from "../datasets/registry.ts";
import type { TaskName } from "../run/settings.ts";

/** What a net is built from, the options that only its model has among it. */
export interface NetSpec extends OwnValues {
  readonly net: ModelName;
  readonly activation: Activation;
  /** The rate of its dropout layers; the net's own if left out. */
  readonly dropout?: number | undefined;
  readonly classes: number;
}

/** What must be known of a net. */
export interface ModelSpec extends NetSpec, ImageSize {
  /** What these are called, where the data set's name does not say that. */
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
export const preparingTask = ({ preprocessing }: Pick<ModelSpec, "preprocessing">): TaskName =>
  recipeWith(preprocessing);

/** The values of the options that only a net's model has, in the order of its record. */
const pickOwn = (spec: Pick<NetSpec, "net"> & OwnValues): OwnValues =>
  Object.fromEntries(ownOptions(spec.net).map(([name]) => [name, spec[name]]));

/**
 * Builds a net with the layers that it is trained with.
 *
 * @param init What makes its weights; the models' own initializer if left out.
 */
export function buildNet(spec: NetSpec, init?: Initializer): Model {
  const { net, activation, dropout, classes } = spec;
  return createModel(net, { ...pickOwn(spec), activation, classes, dropout, ...init && { init } });
}

/** The images that a model takes. */
export const imageSpec = ({ height, width, channels }: ImageSize, batch = 1): Spec => ({
  shape: [batch, height, width, channels],
  dtype: "f32",
});

/** Sizes of an image as text: `32x32x3`. */
export const showSize = ({ height, width, channels }: ImageSize): string =>
  `${height}x${width}x${channels}`;

/** Parameters of a model's net, uncomputed. Throws a {@linkcode TaskError} on images that are too small for it. */
export function uncomputedParams(net: Model, model: ModelSpec): ReturnType<Model["init"]> {
  try {
    return net.init(key(0), imageSpec(model));
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
export const modelTitle = (spec: Pick<NetSpec, "net" | "activation"> & OwnValues): string =>
  [spec.net, ...Object.values(pickOwn(spec)), spec.activation].filter(Boolean).join(" ");
