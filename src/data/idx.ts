/**
 * The IDX format of MNIST: a big-endian header of 32-bit words, then one byte a pixel or a label.
 *
 * @module
 */

import { DataError, type NamedBytes } from "./files.ts";
import type { Tuple } from "../tuple.ts";

/** Images read from an IDX file. */
export interface IdxImages {
  /** Pixels 0…255 as [count, height, width]. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** How many images there are. */
  readonly count: number;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
}

const IMAGE_MAGIC = 2051;
const LABEL_MAGIC = 2049;

/** The `sizes` words after the magic number, once the magic and the byte count are what they say. */
function header({ file, bytes }: NamedBytes, magic: number, sizes: number): number[] {
  const length = 4 + 4 * sizes;
  if (bytes.length < length) {
    throw new DataError(
      `${file}: expected an IDX header of ${length} bytes, found ${bytes.length} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new DataError(`${file}: expected the IDX magic number ${magic}, found ${found}`);
  }
  const words = Array.from({ length: sizes }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = length + words.reduce((product, word) => product * word, 1);
  if (bytes.length !== expected) {
    const what = bytes.length < expected ? "truncated" : "trailing bytes";
    throw new DataError(
      `${file}: expected ${expected} bytes for sizes ${words.join(" × ")}, ` +
        `found ${bytes.length} (${what})`,
    );
  }
  return words;
}

/**
 * Reads the images of an IDX file (magic number 2051). Throws a {@linkcode DataError} that names
 * the file on another magic number, a size of zero, or more or fewer bytes than the header says.
 */
export function parseIdxImages(source: NamedBytes): IdxImages {
  const [count, height, width] = header(source, IMAGE_MAGIC, 3) as Tuple<number, 3>;
  if (count * height * width === 0) {
    throw new DataError(
      `${source.file}: expected at least one pixel, found sizes ${count} × ${height} × ${width}`,
    );
  }
  return { images: source.bytes.subarray(16), count, height, width };
}

/**
 * Reads the labels of an IDX file (magic number 2049), each from 0 to `classes` - 1. Throws a
 * {@linkcode DataError} that names the file on another magic number, more or fewer bytes than the
 * header says, or a label out of range.
 */
export function parseIdxLabels(source: NamedBytes, classes: number): Uint8Array<ArrayBuffer> {
  header(source, LABEL_MAGIC, 1);
  const labels = source.bytes.subarray(8);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DataError(
      `${source.file}: expected labels from 0 to ${classes - 1}, ` +
        `found ${labels[wrong]} at position ${wrong}`,
    );
  }
  return labels;
}
