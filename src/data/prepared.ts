/**
 * A data set with its preprocessing: a pixel becomes byte × scale - offset - mean.
 *
 * @module
 */
import { checkDataset } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";

/** How training images are augmented: a random crop of the zero-padded image, and a random horizontal flip. */
export interface Augmentation {
  /** Pixels of zero padding on each side, before a window of the image's own size is cropped. */
  readonly padding: number;
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean;
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
  /** How training images may be augmented; absent if they are not. */
  readonly augmentation?: Augmentation | undefined;
}

/** A training set and a test set with the same preprocessing. */
export interface PreparedSplits {
  /** The training set. */
  readonly train: Prepared;
  /** The test set. */
  readonly test: Prepared;
}

/**
 * As {@linkcode checkDataset}; also checks that there are a scale and an offset for each image, and a mean
 * image.
 */
export function checkPrepared(caller: string, { dataset, scale, offset, mean }: Prepared): void {
  checkDataset(caller, dataset);
  const { name, count, height, width, channels } = dataset;
  const lengths = [
    ["scale", scale, count],
    ["offset", offset, count],
    ["mean", mean, height * width * channels],
  ] as const;
  for (const [what, array, length] of lengths) {
    if (array.length === length) continue;
    throw new RangeError(
      `${caller}: ${name}: expected ${length} numbers in its ${what}, found ${array.length}`,
    );
  }
}
