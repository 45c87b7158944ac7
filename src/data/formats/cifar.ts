/**
 * The binary format of CIFAR-10 and CIFAR-100: records of label bytes and a 32×32 image, its red
 * plane first, then green, then blue.
 *
 * @module
 */

import { counted } from "../../counted.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";

/** Height and width of a CIFAR image, in pixels. */
export const CIFAR_SIZE = 32;

const PLANE = CIFAR_SIZE * CIFAR_SIZE;
const IMAGE = 3 * PLANE;

/** How a record's label bytes are laid out. */
export interface CifarLayout {
  /** Label bytes before the image: 1 in CIFAR-10, 2 (coarse, then fine) in CIFAR-100. */
  readonly labelBytes: number;
  /** The index of the label among them. */
  readonly labelAt: number;
  /** The number of classes of that label. */
  readonly classes: number;
}

/** Images and labels read from CIFAR files. */
export interface CifarRecords {
  /** Pixels 0…255 as [count, 32, 32, 3]. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** The class of each image. */
  readonly labels: Uint8Array<ArrayBuffer>;
  /** The number of images. */
  readonly count: number;
}

/** The number of records of a file. Throws a {@linkcode DataError} if that is not an integer of at least 1. */
function recordsIn({ file, bytes }: NamedBytes, record: number): number {
  if (bytes.length === 0 || bytes.length % record !== 0) {
    throw new DataError(
      `${file}: expected one or more records of ${record} bytes, found ${
        counted(bytes.length, "byte")
      } ` +
        `(${counted(Math.floor(bytes.length / record), "record")} and ${
          counted(bytes.length % record, "byte")
        })`,
    );
  }
  return bytes.length / record;
}

/** Converts a planar image at `from` to interleaved pixels at `to`. */
function interleave(bytes: Uint8Array, from: number, images: Uint8Array, to: number): void {
  for (let pixel = from, end = from + PLANE; pixel < end; pixel++, to += 3) {
    images[to] = bytes[pixel]!;
    images[to + 1] = bytes[pixel + PLANE]!;
    images[to + 2] = bytes[pixel + 2 * PLANE]!;
  }
}

/**
 * Reads the records of one or more files, one after the other, any number of whole records in each. Throws
 * a {@linkcode DataError} that names the file on an incomplete record or a label out of range.
 */
export function parseCifar(files: readonly NamedBytes[], layout: CifarLayout): CifarRecords {
  const record = layout.labelBytes + IMAGE;
  const counts = files.map((source) => recordsIn(source, record));
  const count = counts.reduce((total, each) => total + each, 0);
  const images = new Uint8Array(count * IMAGE), labels = new Uint8Array(count);
  let at = 0;
  files.forEach(({ file, bytes }, index) => {
    for (let i = 0; i < counts[index]!; i++, at++) {
      const label = bytes[i * record + layout.labelAt]!;
      if (label >= layout.classes) {
        throw new DataError(
          `${file}: expected labels from 0 to ${layout.classes - 1}, found ${label} in record ${i}`,
        );
      }
      labels[at] = label;
      interleave(bytes, i * record + layout.labelBytes, images, at * IMAGE);
    }
  });
  return { images, labels, count };
}
