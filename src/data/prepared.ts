/**
 * A data set with what turns its bytes into a net's input: a pixel becomes byte × scale - offset - mean.
 *
 * @module
 */
import { checkDataset } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";

/** How training images are augmented: a random crop of the zero-padded image, and a random mirror. */
export interface Augmentation {
  /** Pixels of zeros on each side, out of which a window of the image's own size is cut. */
  readonly padding: number;
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean;
}

/** A data set with the tables that turn its bytes into a net's input. */
export interface Prepared {
  /** The labeled bytes. */
  readonly dataset: Dataset;
  /** What image i's bytes are multiplied by. */
  readonly scale: Float64Array<ArrayBuffer>;
  /** What is then subtracted from all of image i. */
  readonly offset: Float64Array<ArrayBuffer>;
  /** What is then subtracted from each pixel, as [height, width, channels]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** How training images may be augmented; absent where they are not. */
  readonly augmentation?: Augmentation | undefined;
}

/** A training set and a test set prepared alike. */
export interface PreparedSplits {
  /** What a net is trained on. */
  readonly train: Prepared;
  /** What it is tested on. */
  readonly test: Prepared;
}

/** As {@linkcode checkDataset}, and that there is a scale and an offset for each image, and a mean image. */
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
