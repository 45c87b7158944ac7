/**
 * NumPy's `.npy` files of one array
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @module
 */
import { counted } from "../../counted.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { oneLine } from "../../one_line.ts";
import type { Numbers, NumberType } from "./numbers.ts";

const MAGIC = "\x93NUMPY";

/** Whether bytes start as such a file does. */
export const isNpy = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;

type Read = (view: DataView, at: number, little: boolean) => number;

/** The element types, by kind and size in bytes. */
const TYPES: Readonly<Record<string, readonly [title: string, read: Read]>> = {
  b1: ["truth values", (view, at) => view.getUint8(at)],
  u1: ["unsigned bytes", (view, at) => view.getUint8(at)],
  i1: ["signed bytes", (view, at) => view.getInt8(at)],
  u2: ["16-bit integers", (view, at, little) => view.getUint16(at, little)],
  i2: ["16-bit integers", (view, at, little) => view.getInt16(at, little)],
  u4: ["32-bit integers", (view, at, little) => view.getUint32(at, little)],
  i4: ["32-bit integers", (view, at, little) => view.getInt32(at, little)],
  u8: ["64-bit integers", (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: ["64-bit integers", (view, at, little) => Number(view.getBigInt64(at, little))],
  f4: ["32-bit floats", (view, at, little) => view.getFloat32(at, little)],
  f8: ["64-bit floats", (view, at, little) => view.getFloat64(at, little)],
};

/** Parses a type description such as `<i4` or `|u1`. */
function parseType(description: string | undefined): NumberType | undefined {
  const [, order, code = ""] = /^([<>|=])([a-z]\d)$/.exec(description ?? "") ?? [];
  const type = TYPES[code];
  if (!type) return undefined;
  const [title, read] = type, little = order !== ">";
  return { title, bytes: Number(code[1]), read: (view, at) => read(view, at, little) };
}

/** The most bytes of a header, which describes one array. */
const MOST_HEADER = 4096;

/** What a file says of its array. */
export interface NpyHeader {
  readonly type: NumberType;
  readonly sizes: readonly number[];
  /** Where its elements start and end. */
  readonly start: number;
  readonly end: number;
}

const failed = (file: string, found: string): DataError =>
  new DataError(`${file}: expected a row-major array of numbers, found ${found}`);

/** A tuple of Python as sizes; undefined where one is no integer. */
function parseShape(tuple: string | undefined): number[] | undefined {
  const sizes = tuple?.split(",").map((size) => size.trim()).filter(Boolean).map(Number);
  return sizes?.every(Number.isSafeInteger) ? sizes : undefined;
}

/** Reads the header of a file from its first bytes. Throws as {@linkcode parseNpy}. */
export function parseNpyHeader({ file, bytes }: NamedBytes): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) {
    throw failed(file, `${counted(bytes.length, "byte")} (truncated)`);
  }
  const longHeader = view.getUint8(6) > 1, from = longHeader ? 12 : 10;
  const start = from + (longHeader ? view.getUint32(8, true) : view.getUint16(8, true));
  if (start > MOST_HEADER) throw failed(file, `a header of ${counted(start, "byte")}`);
  const header = new TextDecoder().decode(bytes.subarray(from, start));
  const type = parseType(/'descr':\s*'([^']*)'/.exec(header)?.[1]);
  const sizes = parseShape(/'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]);
  if (!type || !sizes || !/'fortran_order':\s*False/.test(header)) {
    throw failed(file, oneLine(header.trim(), 120) || "no header");
  }
  const end = start + sizes.reduce((product, size) => product * size, type.bytes);
  return { type, sizes, start, end };
}

/**
 * Reads an array. Throws a {@linkcode DataError} that names the file if it is truncated, stored
 * column-major, or not of numbers.
 */
export function parseNpy(source: NamedBytes): Numbers {
  const { file, bytes } = source, { type, sizes, start, end } = parseNpyHeader(source);
  if (bytes.length < end) {
    throw failed(
      file,
      `${bytes.length - start} of ${end - start} bytes for sizes ${sizes.join(" × ")} (truncated)`,
    );
  }
  return { type, sizes, body: bytes.subarray(start, end) };
}
