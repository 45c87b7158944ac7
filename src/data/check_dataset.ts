/**
 * Validation of data sets: sizes, array types and labels.
 *
 * @module
 */
import { checkKind, objectWith, type OptionCheck } from "../check_options.ts";
import { hasAll } from "../describe_value.ts";
import { counted, grouped } from "../counted.ts";
import { checkLabels } from "../labels.ts";
import { type Dataset, labelSize } from "./dataset.ts";

const LABELS = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array] as const;

/** The name of a value's class, or of its type, for messages. */
const typeName = (x: unknown): string =>
  typeof x === "object" && x !== null ? x.constructor?.name ?? "object" : typeof x;

const DATASET: OptionCheck = objectWith(
  "a Dataset, { images, labels, … }",
  ["images", "labels", "classes"],
  (value) => hasAll(value, "dataset") ? "its images are in its field dataset" : undefined,
);

/**
 * Throws, in the name of the calling function, unless a data set has at least one image, the bytes of all
 * images, and for each a label from 0 to classes - 1, or as many finite numbers as there are classes.
 *
 * @throws TypeError on something else than a data set, on arrays of other types, and on labels as bytes for more than 256 classes, since those
 * above 255 would have wrapped around.
 * @throws RangeError on inconsistent sizes, and on a label outside 0…classes - 1.
 */
export function checkDataset(caller: string, dataset: Dataset): void {
  checkKind(caller, "the data", dataset, DATASET);
  const { name, images, labels, count, height, width, channels, classes } = dataset;
  const at = `${caller}: ${name}`;
  for (const [what, n] of Object.entries({ count, height, width, channels, classes })) {
    if (Number.isInteger(n) && n >= 1) continue;
    const hint = what === "count" && n === 0 ? "; the data set is empty" : "";
    throw new RangeError(
      `${at}: expected ${what} to be an integer of at least 1, found ${n}${hint}`,
    );
  }
  if (!(images instanceof Uint8Array)) {
    throw new TypeError(
      `${at}: expected images as a Uint8Array of bytes, found ${typeName(images)}`,
    );
  }
  if (!LABELS.some((array) => (labels as unknown) instanceof array)) {
    throw new TypeError(
      `${at}: expected labels as a Uint8Array, Uint16Array, Uint32Array or Int32Array of classes, ` +
        `or a Float32Array of numbers, found ${typeName(labels)}`,
    );
  }
  if (labels instanceof Uint8Array && classes > 256) {
    throw new TypeError(
      `${at}: expected labels of ${classes} classes as a Uint16Array, Uint32Array or Int32Array, ` +
        "found a Uint8Array, in which those above 255 wrap",
    );
  }
  const bytes = dataset.stream ? 0 : count * height * width * channels;
  if (images.length !== bytes) {
    throw new RangeError(
      `${at}: expected ${counted(bytes, "byte")} for ${
        counted(count, "image")
      } of ${height} × ${width} × ${channels}, ` +
        `found ${images.length}`,
    );
  }
  const each = labelSize(dataset);
  if (labels.length !== count * each) {
    const of = each === 1 ? "labels, one" : `numbers in its labels, ${each}`;
    throw new RangeError(
      `${at}: expected ${grouped(count * each)} ${of} for each image, found ${
        grouped(labels.length)
      }`,
    );
  }
  if (labels instanceof Float32Array) checkFinite(at, labels);
  else checkLabels(at, labels, classes);
}

/** Throws RangeError, in the name of the calling function, on images that come from a stream. */
export function checkInMemory(caller: string, { name, stream }: Dataset): void {
  if (!stream) return;
  throw new RangeError(
    `${caller}: expected images in memory, as bytes, found ${name}, whose images come from a stream`,
  );
}

/** Throws RangeError unless all numbers are finite. */
function checkFinite(at: string, labels: Float32Array): void {
  const index = labels.findIndex((label) => !Number.isFinite(label));
  if (index < 0) return;
  throw new RangeError(
    `${at}: expected labels that are finite, found ${labels[index]} at index ${index}`,
  );
}

/** Throws RangeError unless two data sets have images of one size and labels of one kind. */
export function checkAlike(caller: string, train: Dataset, test: Dataset): void {
  const kind = ({ labels, classes }: Dataset) =>
    labels instanceof Float32Array ? `labels of ${classes} numbers` : "labels that are classes";
  if (kind(train) !== kind(test)) {
    throw new RangeError(
      `${caller}: expected test images with ${kind(train)}, found ${kind(test)}`,
    );
  }
  const size = ({ height, width, channels }: Dataset) => `${height} × ${width} × ${channels}`;
  if (size(train) === size(test) && train.classes === test.classes) return;
  throw new RangeError(
    `${caller}: expected test images of ${size(train)} in ${train.classes} classes, ` +
      `found ${size(test)} in ${test.classes}`,
  );
}
