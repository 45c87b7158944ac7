/**
 * A data set with its preprocessing: a pixel becomes byte × scale - offset - mean.
 *
 * @module
 */
import { checkKind, objectWith, type OptionCheck } from "../check_options.ts";
import { hasAll } from "../describe_value.ts";
import { checkDataset } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";
import type { Whitened } from "./whitening/whitening.ts";

/** How training images are augmented: a random window of the zero-padded image, and a random horizontal flip. */
export interface Augmentation {
  /** Pixels of zero padding on each side, before a window of the size that a net sees is cropped. */
  readonly padding: number;
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean;
  /**
   * Whether a random part of each picture is resized to the window, in place of a window of padded images;
   * only of images that come from a stream.
   */
  readonly resizedCrop?: boolean | undefined;
}

/** The size of a window of an image. */
export interface Window {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** A data set with the tables that map its bytes to a net's input. */
export interface Prepared {
  /** The labeled bytes. */
  readonly dataset: Dataset;
  /** The factor of each image's bytes, [count]. */
  readonly scale: Float64Array<ArrayBuffer>;
  /** Subtracted from all scaled pixels of each image, [count]. */
  readonly offset: Float64Array<ArrayBuffer>;
  /** The mean image, subtracted last, [height, width, channels]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** The images after whitening, which batches take instead of the bytes; absent unless they are whitened. */
  readonly whitened?: Whitened | undefined;
  /** The size of the window of each image that a net sees: the central one, or a random one; absent if it sees all. */
  readonly window?: Window | undefined;
  /** How training images may be augmented; absent if they are not. */
  readonly augmentation?: Augmentation | undefined;
}

/**
 * The size of the images that a net sees: that of the data set, or of its windows.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "train", count: 20, size: 32 });
 * const prepared = data.prepareCifar(dataset, dataset).train;
 * const { height, channels } = data.inputSize({ ...prepared, window: { height: 27, width: 27 } });
 * console.assert(height === 27 && channels === 3);
 * ```
 */
export function inputSize(
  { dataset, window }: Pick<Prepared, "dataset" | "window">,
): Pick<Dataset, "height" | "width" | "channels"> {
  const { height, width } = window ?? dataset;
  return { height, width, channels: dataset.channels };
}

/** A training set and a test set with the same preprocessing. */
export interface PreparedSplits {
  /** The training set. */
  readonly train: Prepared;
  /** The test set. */
  readonly test: Prepared;
}

/** Throws RangeError on a window that is no part of the images. */
function checkWindow(caller: string, { dataset, window = dataset }: Prepared): void {
  for (const side of ["height", "width"] as const) {
    const found = window[side], most = dataset[side];
    if (Number.isInteger(found) && found >= 1 && found <= most) continue;
    throw new RangeError(
      `${caller}: ${dataset.name}: expected a window's ${side} to be an integer from 1 to ${most}, found ${found}`,
    );
  }
}

const PREPARED: OptionCheck = objectWith(
  "a Prepared, as data.prepareMnist(train, test).train",
  ["dataset", "scale", "offset", "mean"],
  (value) =>
    hasAll(value, "images", "labels", "classes")
      ? "data.prepareMnist, data.prepareCifar or data.preparePictures prepares it"
      : undefined,
);

/**
 * As {@linkcode checkDataset}; also checks that there are a scale and an offset for each image, a mean image,
 * a window within the images, and all whitened images if there are any.
 */
export function checkPrepared(caller: string, source: Prepared): void {
  checkKind(caller, "the data", source, PREPARED);
  const { dataset, scale, offset, mean, whitened } = source;
  checkDataset(caller, dataset);
  checkWindow(caller, source);
  const { name, count, height, width, channels } = dataset, pixels = height * width * channels;
  const lengths = [
    ["scale", scale, count],
    ["offset", offset, count],
    ["mean", mean, pixels],
    ...whitened ? [["whitened images", whitened.images, count * pixels] as const] : [],
  ] as const;
  for (const [what, array, length] of lengths) {
    if (array.length === length) continue;
    throw new RangeError(
      `${caller}: ${name}: expected ${length} numbers in its ${what}, found ${array.length}`,
    );
  }
}
