/**
 * How a training task prepares a data set: its size, its preprocessing, the windows that a net sees.
 *
 * @module
 */
import {
  DataError,
  type Dataset,
  prepareCifar,
  type PreparedSplits,
  prepareMnist,
  preparePictures,
  type ProceduralOptions,
  resize,
} from "../../src/data/mod.ts";
import type { RecipeName } from "../../src/data/catalogue/record.ts";
import { OptionError } from "../cli/option_table.ts";
import type { PictureSettings } from "./pictures/settings.ts";
import { type DatasetName, datasetRecord } from "./registry.ts";

/**
 * How images are preprocessed: MNIST's `scale`; CIFAR's `contrast` and mean image; or minus their mean
 * image, or the mean of each channel, as pictures are.
 */
export const PREPROCESSINGS = ["scale", "contrast", "mean-image", "mean-color"] as const;

/** The name of a preprocessing. */
export type Preprocessing = (typeof PREPROCESSINGS)[number];

/** The settings of a run that decide what its images are like; the data set's usual ones if left out. */
export interface ImageSettings extends Pick<PictureSettings, "resizedCrop"> {
  /** Rows and columns that images are resized to. */
  readonly size?: number | undefined;
  /** Rows and columns of the window that a net sees. */
  readonly crop?: number | undefined;
  readonly preprocessing?: Preprocessing | undefined;
  /** The factor of `mean-image` and `mean-color`. */
  readonly pixelScale?: number | undefined;
}

/** How a recipe prepares data. */
interface Preparation {
  readonly preprocessing: Preprocessing;
  /** The shape of procedural images for it. */
  readonly drawn: Pick<ProceduralOptions, "size" | "channels">;
}

/** The preparations by the recipes' names. */
export const PREPARATIONS: Readonly<Record<RecipeName, Preparation>> = {
  cifar: { preprocessing: "contrast", drawn: {} },
  mnist: { preprocessing: "scale", drawn: { size: 28, channels: 1 } },
  pictures: { preprocessing: "mean-color", drawn: {} },
};

/** The recipe whose preprocessing this is. */
export const recipeWith = (preprocessing: Preprocessing): RecipeName =>
  preprocessing === PREPARATIONS.mnist.preprocessing ? "mnist" : "cifar";

/** The preprocessing of a data set where none is asked for. */
export const usualPreprocessing = (recipe: RecipeName, dataset: DatasetName): Preprocessing =>
  recipe === "cifar" && datasetRecord(dataset).format === "pictures"
    ? "mean-image"
    : PREPARATIONS[recipe].preprocessing;

/** The usual factor of bytes minus their mean: the standard deviation of photographs' bytes is about 64. */
export const PIXEL_SCALE = 1 / 64;

/** Whether a preprocessing is a mean that is subtracted, and a factor. */
export const takesPixelScale = (preprocessing: Preprocessing): boolean =>
  preprocessing.startsWith("mean-");

/** The zero padding of augmented CIFAR where nothing is cropped. */
const PADDING = 8;

/** Resizes a data set, unless it has the size already. */
function resized(dataset: Dataset, size: number | undefined): Dataset {
  if (size === undefined || (dataset.height === size && dataset.width === size)) return dataset;
  try {
    return resize(dataset, { height: size, width: size });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new OptionError(`--size: ${cause.message}; --subset takes fewer images`, { cause });
  }
}

/** From how many images the mean color is taken, and the mean image of a stream. */
const MEAN_SAMPLE = 2000;

function preprocess(
  preprocessing: Preprocessing,
  train: Dataset,
  test: Dataset,
  scale: number,
): PreparedSplits {
  if (preprocessing === "scale") return prepareMnist(train, test);
  if (preprocessing === "contrast") return prepareCifar(train, test);
  const mean = preprocessing === "mean-image" ? "image" : "color";
  const sample = mean === "color" || train.stream ? MEAN_SAMPLE : undefined;
  return preparePictures(train, test, { mean, scale, sample });
}

/** Throws on settings that need images in memory where they come from a stream, and the other way around. */
function checkStream(
  { stream }: Dataset,
  preprocessing: Preprocessing,
  { crop, resizedCrop }: ImageSettings,
): void {
  if (stream && !takesPixelScale(preprocessing)) {
    throw new OptionError(
      `--preprocessing: expected mean-color or mean-image for streamed pictures, found ${preprocessing}`,
    );
  }
  if (!resizedCrop) return;
  if (!stream) {
    throw new OptionError(
      "--resized-crop: expected pictures that are streamed, found images in memory",
    );
  }
  if (preprocessing === "mean-color" && crop !== undefined) return;
  throw new OptionError(
    "--resized-crop: expected --preprocessing mean-color and --crop beside it, found " +
      `--preprocessing ${preprocessing} and ${crop === undefined ? "no --crop" : `--crop ${crop}`}`,
  );
}

function checkCrop({ height, width }: Dataset, crop: number | undefined): void {
  if (crop === undefined || crop <= Math.min(height, width)) return;
  throw new OptionError(
    `--crop: expected at most the ${height} × ${width} pixels of the images, found ${crop}; --size resizes them`,
  );
}

/** Throws a {@linkcode DataError} unless both splits have images of one size. */
function checkAlike(train: Dataset, test: Dataset): void {
  const [expected, found] = [train, test].map(({ height, width, channels }) =>
    `${height} × ${width} × ${channels}`
  );
  if (expected === found) return;
  throw new DataError(
    `${test.name}: expected test images of ${expected}, as the training images are, found ${found}; ` +
      "--size resizes both",
  );
}

/** Prepares both splits by the settings, on a data set of this name. */
export function prepareImages(
  recipe: RecipeName,
  name: DatasetName,
  settings: ImageSettings,
  splits: { readonly train: Dataset; readonly test: Dataset },
): PreparedSplits {
  const { size, crop } = settings, padding = crop === undefined ? PADDING : 0;
  const { preprocessing = usualPreprocessing(recipe, name), pixelScale = PIXEL_SCALE } = settings;
  const [train, test] = [resized(splits.train, size), resized(splits.test, size)];
  checkAlike(train, test);
  checkCrop(train, crop);
  checkStream(train, preprocessing, settings);
  const prepared = preprocess(preprocessing, train, test, pixelScale);
  const window = crop === undefined ? undefined : { height: crop, width: crop };
  const { resizedCrop } = settings;
  const augmentation = recipe === "mnist"
    ? undefined
    : { padding, mirror: true, ...resizedCrop && { resizedCrop } };
  return {
    train: { ...prepared.train, window, augmentation },
    test: { ...prepared.test, window },
  };
}
