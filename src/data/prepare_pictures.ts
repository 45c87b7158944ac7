/**
 * Preprocessing of pictures as for nets of large images: a mean is subtracted, and windows are cropped.
 *
 * @module
 */
import { subset } from "./select.ts";
import { checkAlike, checkDataset } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";
import { readImages } from "./loader/read_ahead.ts";
import type { PreparedSplits } from "./prepared.ts";
import { meanImage } from "./preprocess.ts";

/** Options of {@linkcode preparePictures}. */
export interface PictureOptions {
  /** What is subtracted: the training set's mean image, or the mean of each channel; `image` if left out. */
  readonly mean?: "image" | "color" | undefined;
  /** The factor of bytes minus their mean; 1 if left out. */
  readonly scale?: number | undefined;
  /** Rows and columns of the window that a net sees, random in training, central in testing; all if left out. */
  readonly window?: number | undefined;
  /** Pixels of zero padding before a window is cropped; 0 if left out. */
  readonly padding?: number | undefined;
  /**
   * In training, resize a random part of each picture to the window, as torchvision's `RandomResizedCrop`
   * does, in place of a random window; only of images from a stream, and with `mean: "color"`.
   */
  readonly resizedCrop?: boolean | undefined;
  /** From how many training images the mean is taken, the first ones; all if left out. */
  readonly sample?: number | undefined;
}

/** The first images of a data set, in memory; of a stream, those that can be read. */
function firstInMemory(dataset: Dataset, count: number): Dataset {
  if (!dataset.stream) return subset(dataset, count);
  const images = readImages(dataset, count), { height, width, channels } = dataset;
  return {
    ...dataset,
    stream: undefined,
    images,
    count: images.length / (height * width * channels),
  };
}

function checkResizedCrop({ mean, window, resizedCrop }: PictureOptions): void {
  if (!resizedCrop || (mean === "color" && window !== undefined)) return;
  throw new RangeError(
    'preparePictures: expected mean: "color" and a window beside resizedCrop, ' +
      `found mean: ${JSON.stringify(mean ?? "image")} and window: ${window}`,
  );
}

/** A mean image with the mean of each channel at every pixel. */
function flatten(mean: Float32Array<ArrayBuffer>, channels: number): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(channels), pixels = mean.length / channels;
  mean.forEach((value, i) => sums[i % channels]! += value);
  return mean.map((_, i) => sums[i % channels]! / pixels);
}

/**
 * Pictures as CaffeNet's authors prepared ImageNet's: bytes minus the mean image of the training set, of
 * which the net sees windows of 227 × 227 of 256 × 256, in training random ones, half of them mirrored, in
 * testing the central one. (`BVLC/caffe: models/bvlc_reference_caffenet/train_val.prototxt`, layers `data`.)
 * Throws a RangeError if the two sets differ in size or classes, or one is inconsistent.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const { train, test } = data.preparePictures(
 *   data.procedural({ split: "train", count: 20, size: 32 }),
 *   data.procedural({ split: "test", count: 10, size: 32 }),
 *   { window: 27 },
 * );
 * const [batch] = data.testBatches(test, { batch: 10 });
 * console.assert(batch!.images.length === 10 * 27 * 27 * 3 && train.augmentation?.mirror);
 * ```
 */
export function preparePictures(
  train: Dataset,
  test: Dataset,
  options: PictureOptions = {},
): PreparedSplits {
  const { mean: kind = "image", scale = 1, window: side, padding = 0, resizedCrop } = options;
  checkResizedCrop(options);
  for (const dataset of [train, test]) checkDataset("preparePictures", dataset);
  checkAlike("preparePictures", train, test);
  const tables = ({ count }: Dataset) => ({
    scale: new Float64Array(count).fill(scale),
    offset: new Float64Array(count),
  });
  const sample = firstInMemory(train, Math.min(options.sample ?? Infinity, train.count));
  const image = meanImage(sample, tables(sample));
  const mean = kind === "color" ? flatten(image, train.channels) : image;
  const window = side === undefined ? undefined : { height: side, width: side };
  const prepare = (dataset: Dataset) => ({ dataset, ...tables(dataset), mean, window });
  return {
    train: {
      ...prepare(train),
      augmentation: { padding, mirror: true, ...resizedCrop && { resizedCrop } },
    },
    test: prepare(test),
  };
}
