/**
 * What describes a trained net: enough to build it again and to prepare its inputs.
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

/** What a net is built from, including the options that only its model has. */
export interface NetSpec extends OwnValues {
  readonly net: ModelName;
  readonly activation: Activation;
  /** The rate of its dropout layers; the model's default if left out. */
  readonly dropout?: number | undefined;
  readonly classes: number;
}

/** What describes a trained net. */
export interface ModelSpec extends NetSpec, ImageSize {
  /** The names of the classes, where they do not follow from the data set. */
  readonly classNames?: readonly string[] | undefined;
  readonly preprocessing: Preprocessing;
  /** The factor of `mean-image` and `mean-color`; 1 if left out. */
  readonly pixelScale?: number | undefined;
  /**
   * The size that images are resized to before preprocessing, of which the net sees the central window; absent
   * where images are taken as they are.
   */
  readonly frame?: ImageSize | undefined;
  /** The SHA-256 of the file beside the weights that whitens preprocessed images; absent if they are not whitened. */
  readonly whitening?: string | undefined;
  /** The mean image, of the frame's size where there is one, [height, width, channels], if known; not of `scale`. */
  readonly mean?: Float32Array<ArrayBuffer> | undefined;
  /** The loss that it was trained with. */
  readonly loss: LossName;
  /** The data set that it was trained on. */
  readonly dataset: DatasetName;
  /** How many of its images it was trained on; all if left out. */
  readonly subset?: number | undefined;
}

/** The size of the images that a model's preprocessing takes. */
export const frameSize = (model: ImageSize & Pick<ModelSpec, "frame">): ImageSize =>
  model.frame ?? model;

/** The training task with this preprocessing. */
export const preparingTask = ({ preprocessing }: Pick<ModelSpec, "preprocessing">): TaskName =>
  recipeWith(preprocessing);

/** The values of the options that only a net's model has, in the order of its record. */
export const pickOwn = (spec: Pick<NetSpec, "net"> & OwnValues): OwnValues =>
  Object.fromEntries(ownOptions(spec.net).map(([name]) => [name, spec[name]]));

/**
 * Builds a net with the layers that it is trained with.
 *
 * @param init The initializer of its weights; the model's default if left out.
 */
export function buildNet(spec: NetSpec, init?: Initializer): Model {
  const { net, activation, dropout, classes } = spec;
  return createModel(net, { ...pickOwn(spec), activation, classes, dropout, ...init && { init } });
}

/** The shape of a batch of the images that a model takes. */
export const imageSpec = ({ height, width, channels }: ImageSize, batch = 1): Spec => ({
  shape: [batch, height, width, channels],
  dtype: "f32",
});

/** The size of an image as text: `32x32x3`. */
export const showSize = ({ height, width, channels }: ImageSize): string =>
  `${height}x${width}x${channels}`;

/**
 * A net's parameters, not yet computed. Throws a {@linkcode TaskError} on images of a size that it cannot
 * take.
 *
 * @param named What decides about the images or the net.
 */
export function uncomputedParams(
  net: Model,
  model: ImageSize & Pick<ModelSpec, "net">,
  named = "input",
): ReturnType<Model["init"]> {
  try {
    return net.init(key(0), imageSpec(model));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TaskError(
      `${named}: expected images that ${model.net} can take, found ${
        showSize(model)
      }: ${cause.message}`,
      { cause },
    );
  }
}

/** The values of a model's own options that are not its defaults, after their names. */
const describeOwn = (spec: Pick<NetSpec, "net"> & OwnValues): string[] =>
  ownOptions(spec.net).flatMap(([name, { default: usual }]) => {
    const value = spec[name] ?? usual;
    return value === usual ? [] : [`${name} ${value}`];
  });

/** A model in a few words. */
export const modelTitle = (spec: Pick<NetSpec, "net" | "activation"> & OwnValues): string =>
  [spec.net, ...describeOwn(spec), spec.activation].join(" ");
