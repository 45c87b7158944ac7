/**
 * Labeled images held as bytes.
 *
 * @module
 */

import { checkLabels } from "../labels.ts";
import type { ImageStream } from "./image_stream.ts";

/** The class of each image. A `Uint8Array` holds labels of up to 256 classes. */
export type Labels =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** Labeled images as bytes. */
export interface Dataset {
  /** The name in reports, such as `CIFAR-10 train`. */
  readonly name: string;
  /** Pixels 0…255 as [count, height, width, channels]; none where the images come from a stream. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** Makes the images when batches need them, in place of bytes in memory. */
  readonly stream?: ImageStream | undefined;
  /** The class of each image, 0…classes - 1. */
  readonly labels: Labels;
  /** The number of images. */
  readonly count: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Bytes per pixel: 1 for gray, 3 for red, green, blue. */
  readonly channels: number;
  /** The number of classes. */
  readonly classes: number;
  /** The class names, by label, if known. */
  readonly classNames?: readonly string[];
}

/** A split of a data set: training or test. */
export type Split = "train" | "test";

/** Both splits. */
export const SPLITS: readonly Split[] = ["train", "test"];

/**
 * The first `count` images of a data set, sharing its bytes. Throws a RangeError if it has fewer.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 20, size: 16 });
 * console.assert(data.subset(dataset, 5).labels.join() === "0,1,2,3,4");
 * ```
 */
export function subset(dataset: Dataset, count: number): Dataset {
  if (!Number.isInteger(count) || count < 1 || count > dataset.count) {
    throw new RangeError(
      `subset: expected an integer number of images from 1 to ${dataset.count}, found ${count}`,
    );
  }
  const { images, labels, height, width, channels } = dataset;
  return {
    ...dataset,
    count,
    images: images.subarray(0, count * height * width * channels),
    labels: labels.subarray(0, count),
  };
}

/**
 * The number of images of each class, by label. Throws a RangeError on a label outside 0…classes-1.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 25, size: 16 });
 * console.assert(data.classCounts(dataset).join() === "3,3,3,3,3,2,2,2,2,2");
 * ```
 */
export function classCounts({ labels, classes }: Dataset): number[] {
  checkLabels("classCounts", labels, classes);
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}
