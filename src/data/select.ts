/**
 * Data sets of some images of another one: the first, chosen ones, shuffled ones, held-out ones.
 *
 * @module
 */
import { keyData, permutation } from "../threefry.ts";
import { checkDataset, checkInMemory } from "./check_dataset.ts";
import type { ImageStream } from "./image_stream.ts";
import { checkInteger } from "./check_integer.ts";
import { type Dataset, imageSize, labelSize } from "./dataset.ts";

/** An image of a data set with its label. */
export interface Example {
  /** Its bytes, [height, width, channels]. */
  readonly image: Uint8Array<ArrayBuffer>;
  /** Its class, or its numbers. */
  readonly label: number | Float32Array<ArrayBuffer>;
}

/** The image at an index, sharing the data set's bytes. */
export function exampleAt(dataset: Dataset, index: number): Example {
  const { images, labels } = dataset, size = imageSize(dataset), each = labelSize(dataset);
  return {
    image: images.subarray(index * size, (index + 1) * size),
    label: labels instanceof Float32Array
      ? labels.subarray(index * each, (index + 1) * each)
      : labels[index]!,
  };
}

/** The images of a stream at these indices. */
const selectStream = (stream: ImageStream, indices: ArrayLike<number>): ImageStream => ({
  get id() {
    return `${stream.id} at ${Array.prototype.join.call(indices, " ")}`;
  },
  open: (window) => {
    const reader = stream.open(window);
    return {
      request: (images) =>
        reader.request(
          Iterator.from(images).map(({ index, ...image }) => ({
            ...image,
            index: indices[index]!,
          })),
        ),
      next: () => reader.next(),
      [Symbol.dispose]: () => reader[Symbol.dispose](),
    };
  },
});

/** The images at these indices, copied; those of a stream are still made when they are needed. */
export function selectImages(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const { stream } = dataset, size = stream ? 0 : imageSize(dataset);
  const each = labelSize(dataset), count = indices.length;
  const images = new Uint8Array(count * size);
  const Kind = dataset.labels.constructor as new (length: number) => Dataset["labels"];
  const labels = new Kind(count * each);
  for (let i = 0; i < count; i++) {
    const from = indices[i]!;
    images.set(dataset.images.subarray(from * size, (from + 1) * size), i * size);
    labels.set(dataset.labels.subarray(from * each, (from + 1) * each), i * each);
  }
  const made = stream && { stream: selectStream(stream, indices) };
  return { ...dataset, images, labels, count, ...made };
}

/** The first images, sharing the data set's bytes. */
function firstImages(dataset: Dataset, count: number): Dataset {
  if (!Number.isInteger(count) || count < 1 || count > dataset.count) {
    throw new RangeError(
      `subset: expected an integer number of images from 1 to ${dataset.count}, found ${count}`,
    );
  }
  const { images, labels } = dataset;
  return {
    ...dataset,
    count,
    images: images.subarray(0, count * imageSize(dataset)),
    labels: labels.subarray(0, count * labelSize(dataset)),
  };
}

/** Which images a {@linkcode subset} has: the first ones, those at indices, or those of which a function is true. */
export type Selection =
  | number
  | ArrayLike<number>
  | ((example: Example, index: number) => boolean);

/**
 * Some images of a data set: the first `count`, which share its bytes; those at indices, in their order, also
 * repeated; or those that a function chooses. Throws a RangeError on other counts and indices, and if no
 * image is left.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 20, size: 16 });
 * console.assert(data.subset(dataset, 5).labels.join() === "0,1,2,3,4");
 * console.assert(data.subset(dataset, [7, 7, 2]).labels.join() === "7,7,2");
 * console.assert(data.subset(dataset, ({ label }) => label === 3).labels.join() === "3,3");
 * ```
 */
export function subset(dataset: Dataset, which: Selection): Dataset {
  if (typeof which === "number") return firstImages(dataset, which);
  if (typeof which === "function") checkInMemory("subset", dataset);
  const indices = typeof which === "function"
    ? Array.from({ length: dataset.count }, (_, i) => i)
      .filter((i) => which(exampleAt(dataset, i), i))
    : which;
  if (indices.length === 0) {
    throw new RangeError(`subset: expected at least one image of ${dataset.name}, found none`);
  }
  for (let i = 0; i < indices.length; i++) {
    checkInteger("subset", "an index", indices[i]!, 0, dataset.count - 1);
  }
  return selectImages(dataset, indices);
}

/**
 * A data set in a random order, which the seed decides. `fit` draws a new order in every epoch by itself.
 * Throws a RangeError on a seed that is not an integer from 0 to 2⁵³ - 1.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 20, size: 16 });
 * const { labels } = data.shuffle(dataset, 1);
 * console.assert(labels.join() !== dataset.labels.join());
 * console.assert(labels.toSorted().join() === dataset.labels.toSorted().join());
 * ```
 */
export function shuffle(dataset: Dataset, seed = 0): Dataset {
  checkDataset("shuffle", dataset);
  return selectImages(dataset, permutation(dataset.count, keyData(seed)));
}
