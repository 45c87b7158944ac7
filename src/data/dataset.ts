/**
 * Labelled images held as bytes, and the loaders of MNIST, CIFAR-10 and CIFAR-100.
 *
 * @module
 */

import { checkLabels } from "../labels.ts";
import { CIFAR_SIZE, type CifarLayout, parseCifar } from "./formats/cifar.ts";
import { cifarFiles } from "./cifar/cifar_files.ts";
import { type IdxOptions, loadIdx } from "./mnist/load_idx.ts";

/** The class of each image. A `Uint8Array` holds labels of up to 256 classes. */
export type Labels =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** Labelled images as bytes. */
export interface Dataset {
  /** What the data is called in reports, such as `CIFAR-10 train`. */
  readonly name: string;
  /** Pixels 0…255 as [count, height, width, channels]. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** The class of each image, 0…classes - 1. */
  readonly labels: Labels;
  /** How many images there are. */
  readonly count: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Bytes of a pixel: 1 for grey, 3 for red, green, blue. */
  readonly channels: number;
  /** How many classes there are. */
  readonly classes: number;
  /** What they are called, by label, where the data says it. */
  readonly classNames?: readonly string[];
}

/** The part of a data set that a net is trained on, or the part it is tested on. */
export type Split = "train" | "test";

/** Both splits. */
export const SPLITS: readonly Split[] = ["train", "test"];

/**
 * Loads MNIST or a data set of its form (EMNIST, Fashion-MNIST, KMNIST, Kuzushiji-49, QMNIST, one's
 * own) from its four IDX files, plain or gzipped, under their usual names. They may lie in `folder`, up
 * to three folders below it, or in an archive (`.tar`, `.tar.gz`, `.zip`) that it names. Which set it is,
 * is told by the names of files and folders, or by `set`; with it go the names of its classes, and
 * EMNIST's images, which are stored column by column, are put upright. A file `*mapping.txt`, as EMNIST
 * has it, or `classes.txt`, a name on each line, says what other classes there are.
 *
 * Images are [count, 28, 28, 1] (or of the files' own size), with 10 classes (or as many as the set has).
 * Rejects with a {@linkcode DataError} that names the file on a missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadMnist(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export async function loadMnist(folder: string, options: IdxOptions): Promise<Dataset> {
  return (await loadIdx(folder, options)).dataset;
}

async function loadCifar(
  name: string,
  folder: string,
  files: readonly string[],
  layout: CifarLayout,
): Promise<Dataset> {
  const { images, labels, count } = parseCifar(
    await cifarFiles(folder, files, layout.labelBytes),
    layout,
  );
  const size = { height: CIFAR_SIZE, width: CIFAR_SIZE, channels: 3 };
  return { name, images, labels, count, ...size, classes: layout.classes };
}

/**
 * Loads CIFAR-10 from its official binary files (`data_batch_1.bin` to `data_batch_5.bin`, or
 * `test_batch.bin`) in `folder`, up to three folders below it (as in `cifar-10-batches-bin`), or in an
 * archive (`cifar-10-binary.tar.gz`) that it names; each file may hold any whole number of records. The
 * files of the Python version (`data_batch_1`, …) do as well.
 * Images are [count, 32, 32, 3], with 10 classes. Rejects with a {@linkcode DataError} that names the
 * file on a missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadCifar10(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export function loadCifar10(folder: string, options: { split: Split }): Promise<Dataset> {
  const files = options.split === "train"
    ? [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`)
    : ["test_batch.bin"];
  const layout = { labelBytes: 1, labelAt: 0, classes: 10 };
  return loadCifar(`CIFAR-10 ${options.split}`, folder, files, layout);
}

/**
 * Loads CIFAR-100 from its official binary file (`train.bin` or `test.bin`) in `folder`, up to three
 * folders below it (as in `cifar-100-binary`), or in an archive (`cifar-100-binary.tar.gz`) that it
 * names; the file may hold any whole number of records. The files of the Python version (`train`, `test`)
 * do as well. Images are [count, 32, 32, 3]; labels are the
 * 100 fine classes, or the 20 coarse ones. Rejects with a {@linkcode DataError} that names the file on a
 * missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadCifar100(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export function loadCifar100(
  folder: string,
  options: { split: Split; labels?: "fine" | "coarse" },
): Promise<Dataset> {
  const coarse = options.labels === "coarse";
  const layout = { labelBytes: 2, labelAt: coarse ? 0 : 1, classes: coarse ? 20 : 100 };
  const name = `CIFAR-100 ${coarse ? "coarse " : ""}${options.split}`;
  return loadCifar(name, folder, [`${options.split}.bin`], layout);
}

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
      `subset: expected a whole number of images from 1 to ${dataset.count}, found ${count}`,
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
 * How many images each class has, by label. Throws a RangeError on a label that is none of 0…classes-1.
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

/** Labels as bytes: one each where all fit, else four, the lowest first, whatever array holds them. */
function labelBytes(labels: Labels): Uint8Array<ArrayBuffer> {
  if (labels instanceof Uint8Array) return labels;
  if (labels.every((label) => label >= 0 && label < 256)) return Uint8Array.from(labels);
  const bytes = new DataView(new ArrayBuffer(4 * labels.length));
  labels.forEach((label, i) => bytes.setUint32(4 * i, label, true));
  return new Uint8Array(bytes.buffer);
}

/** The SHA-256 of bytes in hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * A SHA-256 in hexadecimal that says which data this is: of a line with the four sizes, the
 * SHA-256 of the images and the SHA-256 of the labels: a byte each where all are below 256, else four,
 * the lowest first. It depends on nothing else, so that equal data has an equal fingerprint whatever
 * files it came from.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const dataset = data.procedural({ split: "test", count: 20, size: 16 });
 * const first = data.subset(dataset, 10), again = data.procedural({ split: "test", count: 10, size: 16 });
 * console.assert(await data.fingerprint(first) === await data.fingerprint(again));
 * ```
 */
export async function fingerprint(dataset: Dataset): Promise<string> {
  const { count, height, width, channels, images, labels } = dataset;
  const [ofImages, ofLabels] = await Promise.all([sha256(images), sha256(labelBytes(labels))]);
  const line = `${count} ${height} ${width} ${channels} ${ofImages} ${ofLabels}`;
  return sha256(new TextEncoder().encode(line));
}
