/**
 * The IDX format of MNIST: a big-endian header of 32-bit words, then the elements, each a pixel or a
 * label.
 *
 * @module
 */

import { counted } from "../../counted.ts";
import type { Tuple } from "../../tuple.ts";
import type { Labels } from "../dataset.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import type { Bound } from "../files/bound.ts";
import { isNpy, parseNpy, parseNpyHeader } from "./npy.ts";
import type { Numbers, NumberType } from "./numbers.ts";

/** Images read from an IDX file. */
export interface IdxImages {
  /** Pixels 0…255 as [count, height, width]. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** The number of images. */
  readonly count: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
}

/** The element types, by the third byte of a file. */
const TYPES: Readonly<Record<number, NumberType>> = {
  0x08: { title: "unsigned bytes", bytes: 1, read: (view, at) => view.getUint8(at) },
  0x09: { title: "signed bytes", bytes: 1, read: (view, at) => view.getInt8(at) },
  0x0b: { title: "16-bit integers", bytes: 2, read: (view, at) => view.getInt16(at) },
  0x0c: { title: "32-bit integers", bytes: 4, read: (view, at) => view.getInt32(at) },
  0x0d: { title: "32-bit floats", bytes: 4, read: (view, at) => view.getFloat32(at) },
  0x0e: { title: "64-bit floats", bytes: 8, read: (view, at) => view.getFloat64(at) },
};

/** The type of MNIST's files. */
const BYTES = 0x08;

/** The most zeros after the elements: programs pad files to multiples of their blocks. */
const PADDING = 2 ** 20;

/** An IDX file's element type, the sizes of its axes, and where its elements start and end. */
interface Header {
  readonly type: NumberType;
  readonly sizes: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Parses the header of an IDX file. `allowed` are the accepted numbers of axes. */
function parseHeader({ file, bytes }: NamedBytes, allowed: readonly number[]): Header {
  const least = 4 + 4 * allowed[0]!;
  if (bytes.length < least) {
    throw new DataError(
      `${file}: expected an IDX header of ${least} bytes, found ${counted(bytes.length, "byte")}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0), type = TYPES[magic >> 8], axes = magic & 0xff;
  if (!type || !allowed.includes(axes)) {
    throw new DataError(
      `${file}: expected the IDX magic number ${BYTES << 8 | allowed[0]!}, found ${magic}`,
    );
  }
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw new DataError(`${file}: expected an IDX header of ${start} bytes, found ${bytes.length}`);
  }
  const sizes = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const end = start + sizes.reduce((product, size) => product * size, type.bytes);
  return { type, sizes, start, end };
}

/** The header of a NumPy file, of whose sizes there are as many as allowed. */
function parseNpyNumbers(source: NamedBytes, allowed: readonly number[]): Header {
  const header = parseNpyHeader(source), { length } = header.sizes;
  if (allowed.includes(length)) return header;
  throw new DataError(
    `${source.file}: expected an array of ${allowed[0]} sizes, found one of ${length}`,
  );
}

const headerOf = (source: NamedBytes, allowed: readonly number[]): Header =>
  isNpy(source.bytes) ? parseNpyNumbers(source, allowed) : parseHeader(source, allowed);

/** The axes of images, and those of labels, which may be a column of a table. */
const IMAGE_AXES = [3], LABEL_AXES = [1, 2];

const sizeBound =
  (allowed: readonly number[], check: (header: Header, file: string) => void) =>
  (first: Uint8Array<ArrayBuffer>, file: string): number => {
    const header = headerOf({ file, bytes: first }, allowed);
    check(header, file);
    return header.end + PADDING;
  };

/** How large a file of images may be: as its header says. */
export const idxImagesSize: Bound = sizeBound(IMAGE_AXES, () => {});

/** How many images a file of images has, by its header. */
export const idxCount = (source: NamedBytes): number => headerOf(source, IMAGE_AXES).sizes[0]!;

/** The most labels of a file. */
const MOST_LABELS = 2 ** 26;

/**
 * How large a file of labels may be: as its header says, which must be of as many labels as there are images.
 *
 * @param count How many images there are, if known.
 * @param images The file that holds them.
 */
export const idxLabelsSize = (count?: number, images?: string): Bound =>
  sizeBound(LABEL_AXES, ({ sizes: [labels] }, file) => {
    if (count !== undefined && labels !== count) {
      throw new DataError(
        `${file}: expected ${counted(count, "label")} for the images of ${images}, found ${labels}`,
      );
    }
    if (labels! > MOST_LABELS) {
      throw new DataError(`${file}: expected at most ${MOST_LABELS} labels, found ${labels}`);
    }
  });

/** Parses a file's header and checks its length. `allowed` are the accepted numbers of axes. */
function parseNumbers(source: NamedBytes, allowed: readonly number[]): Numbers {
  const { file, bytes } = source;
  if (isNpy(bytes)) {
    parseNpyNumbers(source, allowed);
    return parseNpy(source);
  }
  const { type, sizes, start, end } = parseHeader(source, allowed);
  if (bytes.length < end || bytes.subarray(end).some((byte) => byte !== 0)) {
    const what = bytes.length < end ? "truncated" : "trailing bytes";
    throw new DataError(
      `${file}: expected ${end} bytes for sizes ${sizes.join(" × ")}, ` +
        `found ${bytes.length} (${what})`,
    );
  }
  return { type, sizes, body: bytes.subarray(start, end) };
}

/** Converts elements to bytes. Throws a {@linkcode DataError} on one that is not an integer from 0 to 255. */
function toBytes(file: string, { type, body }: Numbers): Uint8Array<ArrayBuffer> {
  if (type.title === TYPES[BYTES]!.title) return body;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Uint8Array.from({ length: body.length / type.bytes }, (_, i) => {
    const value = type.read(view, i * type.bytes);
    if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
    throw new DataError(
      `${file}: expected pixels from 0 to 255, found ${value} at position ${i} of ${type.title}`,
    );
  });
}

/**
 * Reads the images of an IDX file (magic number 2051, or that of another element type, with pixels from 0
 * to 255), or of a NumPy file. Trailing zeros are ignored. Throws a {@linkcode DataError} that names the
 * file on another magic number, a size of zero, a truncated file, trailing bytes that are not zero, and
 * pixels out of range.
 */
export function parseIdxImages(source: NamedBytes): IdxImages {
  const numbers = parseNumbers(source, IMAGE_AXES);
  const [count, height, width] = numbers.sizes as Tuple<number, 3>;
  if (count * height * width === 0) {
    throw new DataError(
      `${source.file}: expected at least one pixel, found sizes ${count} × ${height} × ${width}`,
    );
  }
  return { images: toBytes(source.file, numbers), count, height, width };
}

/**
 * Reads the labels of an IDX file unchanged (magic number 2049, or that of another element type). In a
 * table with a row per image, such as QMNIST's, they are the first column. Throws a {@linkcode DataError}
 * that names the file on a label that is not an integer of at least 0, and as {@linkcode parseIdxImages}.
 */
export function readIdxLabels(source: NamedBytes): Int32Array<ArrayBuffer> {
  const { type, sizes: [count, columns = 1], body } = parseNumbers(source, LABEL_AXES);
  if (columns === 0) {
    throw new DataError(`${source.file}: expected a label for each image, found 0 columns`);
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Int32Array.from({ length: count! }, (_, i) => {
    const value = type.read(view, i * columns * type.bytes);
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
    throw new DataError(
      `${source.file}: expected labels from 0, found ${value} at position ${i} of ${type.title}`,
    );
  });
}

/**
 * Reads the labels of an IDX file as classes from 0: `first` becomes 0. Throws a {@linkcode DataError} that
 * names the file on a label outside the `classes`, and as {@linkcode readIdxLabels}.
 */
export function parseIdxLabels(
  source: NamedBytes,
  classes: number,
  first = 0,
): Labels {
  const labels = readIdxLabels(source), last = first + classes - 1;
  const wrong = labels.findIndex((label) => label < first || label > last);
  if (wrong >= 0) {
    throw new DataError(
      `${source.file}: expected labels from ${first} to ${last}, ` +
        `found ${labels[wrong]} at position ${wrong}`,
    );
  }
  const fromZero = labels.map((label) => label - first);
  return classes > 256 ? fromZero : Uint8Array.from(fromZero);
}
