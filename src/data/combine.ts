/**
 * Data sets one after another, and with changed images or labels.
 *
 * @module
 */
import { checkDataset, checkInMemory } from "./check_dataset.ts";
import { type Dataset, imageSize, labelSize } from "./dataset.ts";
import { type Example, exampleAt } from "./select.ts";

/** Throws RangeError unless data sets have images of one size, labels of one kind, and the same class names. */
function checkOneKind(all: readonly Dataset[]): void {
  const describe = (d: Dataset) =>
    `images of ${d.height} × ${d.width} × ${d.channels} with ${
      d.labels instanceof Float32Array ? `${d.classes} numbers` : `one of ${d.classes} classes`
    }${d.classNames ? ` (${d.classNames.join(", ")})` : ""}`;
  for (const each of all) {
    if (describe(each) === describe(all[0]!)) continue;
    throw new RangeError(
      `concat: expected ${describe(all[0]!)}, as in ${all[0]!.name}, found ${
        describe(each)
      } in ${each.name}`,
    );
  }
}

/** The widest of the labels' arrays. */
function widest(all: readonly Dataset[]): Dataset["labels"] {
  const bytes = (labels: Dataset["labels"]) => labels.BYTES_PER_ELEMENT;
  return all.map(({ labels }) => labels).sort((a, b) => bytes(b) - bytes(a))[0]!;
}

/**
 * The images of several data sets, one after another, named after all of them. Throws a RangeError on images
 * of different sizes, other classes, or none.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const one = data.procedural({ split: "train", count: 30, size: 16 });
 * const both = data.concat([one, data.procedural({ split: "test", count: 20, size: 16 })]);
 * console.assert(both.count === 50 && both.labels.length === 50);
 * ```
 */
export function concat(datasets: readonly Dataset[]): Dataset {
  if (datasets.length === 0) throw new RangeError("concat: expected a data set, found none");
  for (const each of datasets) {
    checkDataset("concat", each);
    checkInMemory("concat", each);
  }
  checkOneKind(datasets);
  const [first] = datasets as readonly [Dataset, ...Dataset[]];
  const count = datasets.reduce((sum, { count }) => sum + count, 0);
  const images = new Uint8Array(count * imageSize(first));
  const Kind = widest(datasets).constructor as new (length: number) => Dataset["labels"];
  const labels = new Kind(count * labelSize(first));
  let at = 0;
  for (const each of datasets) {
    images.set(each.images, at * imageSize(first));
    labels.set(each.labels, at * labelSize(first));
    at += each.count;
  }
  const name = [...new Set(datasets.map(({ name }) => name))].join(" + ");
  return { ...first, name, images, labels, count };
}

/** What {@linkcode map} makes of an image: what is left out stays as it is. */
export interface Mapped {
  /** Its bytes. */
  readonly image?: Uint8Array | Uint8ClampedArray;
  /** Its class; or its numbers, then of every image. */
  readonly label?: number | ArrayLike<number>;
}

/** What a {@linkcode map} changes about the data set; what is left out stays as it is. */
export type MapOptions = Partial<
  Pick<Dataset, "name" | "height" | "width" | "channels" | "classes" | "classNames">
>;

/** The labels of all images: classes as they come, or the numbers of all of them. */
function collectLabels(all: readonly (number | ArrayLike<number>)[]): Dataset["labels"] {
  const numbers = all.some((label) => typeof label !== "number");
  if (!numbers) return Int32Array.from(all as readonly number[]);
  return Float32Array.from(
    all.flatMap((label) => typeof label === "number" ? [label] : Array.from(label)),
  );
}

/**
 * A data set with every image, or label, changed by a function. The result is computed at once, into bytes of
 * its own; for changes that differ from epoch to epoch give `fit` a stream of batches instead.
 *
 * @param change What it makes of an image and its index; the image's bytes are the data set's, so copy them
 * before writing to them.
 * @param about The size of the new images, the number of classes or numbers and their names, where they differ.
 * @throws RangeError and TypeError where the result is no consistent data set.
 *
 * @example Inverted images, and numbers as labels
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const shapes = data.procedural({ split: "test", count: 20, size: 16 });
 * const inverted = data.map(shapes, ({ image }) => ({ image: image.map((byte) => 255 - byte) }));
 * console.assert(inverted.images[5] === 255 - shapes.images[5]!);
 * const brightness = data.map(shapes, ({ image }) => ({
 *   label: [image.reduce((a, b) => a + b, 0) / image.length / 255],
 * }), { classes: 1, classNames: ["brightness"] });
 * console.assert(brightness.labels instanceof Float32Array && brightness.labels.length === 20);
 * ```
 */
export function map(
  dataset: Dataset,
  change: (example: Example, index: number) => Mapped,
  about: MapOptions = {},
): Dataset {
  checkDataset("map", dataset);
  checkInMemory("map", dataset);
  const kept = about.classNames ?? (about.classes === undefined ? dataset.classNames : undefined);
  const { classNames: _, ...others } = dataset;
  const named = { ...others, ...about, ...(kept && { classNames: kept }) };
  const size = imageSize(named), images = new Uint8Array(dataset.count * size);
  const labels = Array.from({ length: dataset.count }, (_, i) => {
    const before = exampleAt(dataset, i), after = change(before, i);
    const { image = before.image, label = before.label } = after;
    if (image.length !== size) {
      throw new RangeError(
        `map: expected ${size} bytes for images of ${named.height} × ${named.width} × ` +
          `${named.channels}, found ${image.length} for image ${i}`,
      );
    }
    images.set(image, i * size);
    return label;
  });
  const mapped = { ...named, images, labels: collectLabels(labels) };
  checkDataset("map", mapped);
  return mapped;
}
