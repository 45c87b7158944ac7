/**
 * Labeled images held as bytes.
 *
 * @module
 */

import { checkLabels } from "../labels.ts";
import type { ImageStream } from "./image_stream.ts";

/**
 * The class of each image as an integer, or `classes` numbers for each image as floats: what is to be
 * predicted, 1 or 0 for each of several labels, or probabilities of the classes. A `Uint8Array` holds labels
 * of up to 256 classes.
 */
export type Labels =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>;

/** Labeled images as bytes. */
export interface Dataset {
  /** The name in reports, such as `CIFAR-10 train`. */
  readonly name: string;
  /** Pixels 0…255 as [count, height, width, channels]; none where the images come from a stream. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** Makes the images when batches need them, in place of bytes in memory. */
  readonly stream?: ImageStream | undefined;
  /** The class of each image, 0…classes - 1; or numbers, [count, classes], in a `Float32Array`. */
  readonly labels: Labels;
  /** The number of images. */
  readonly count: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Bytes per pixel: 1 for gray, 3 for red, green, blue. */
  readonly channels: number;
  /** The number of classes, or of an image's numbers. */
  readonly classes: number;
  /** The names of the classes, or of the numbers, in their order, if known. */
  readonly classNames?: readonly string[];
}

/** A split of a data set: training or test. */
export type Split = "train" | "test";

/** Both splits. */
export const SPLITS: readonly Split[] = ["train", "test"];

/** How many elements of `labels` an image has: 1 for a class, `classes` for numbers. */
export const labelSize = ({ labels, classes }: Pick<Dataset, "labels" | "classes">): number =>
  labels instanceof Float32Array ? classes : 1;

/** The shape of a batch's labels: [batch] for classes, [batch, classes] for numbers. */
export const labelShape = (
  { labels, classes }: Pick<Dataset, "labels" | "classes">,
  batch: number,
): readonly number[] => labels instanceof Float32Array ? [batch, classes] : [batch];

/** The bytes of one image. */
export const imageSize = ({ height, width, channels }: Dataset): number =>
  height * width * channels;

/**
 * The number of images of each class, by label. Throws a RangeError on a label outside 0…classes-1, and a
 * TypeError on labels that are numbers.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 25, size: 16 });
 * console.assert(data.classCounts(dataset).join() === "3,3,3,3,3,2,2,2,2,2");
 * ```
 */
export function classCounts({ name, labels, classes }: Dataset): number[] {
  if (labels instanceof Float32Array) {
    throw new TypeError(`classCounts: expected labels that are classes, found numbers in ${name}`);
  }
  checkLabels("classCounts", labels, classes);
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}
