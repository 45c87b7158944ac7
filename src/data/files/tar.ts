/**
 * Reads tar archives.
 *
 * @module
 */

import { DataError, type NamedBytes } from "./data_file.ts";

/** The bytes of a header; files are padded to multiples of it. */
export const BLOCK = 512;

const textAt = (bytes: Uint8Array, at: number, length: number): string => {
  const field = bytes.subarray(at, at + length), end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
};

/** Whether bytes are a tar archive, POSIX or GNU. */
export const isTar = (bytes: Uint8Array): boolean => textAt(bytes, 257, 5) === "ustar";

/** Whether a header's sum of bytes is what it says. */
function sumAgrees(header: Uint8Array): boolean {
  const digits = textAt(header, 148, 8).trim();
  const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return /^[0-7]+$/.test(digits) && parseInt(digits, 8) === sum;
}

/** What a header says. */
export interface TarHeader {
  readonly path: string;
  /** Whether it is of a regular file. */
  readonly isFile: boolean;
  /** The bytes of its content, and with the padding up to the next header. */
  readonly size: number;
  readonly padded: number;
}

/**
 * Reads a header of {@linkcode BLOCK} bytes; undefined for the end of the archive. Throws a
 * {@linkcode DataError} on a damaged one.
 *
 * @param at Its position, for the error.
 */
export function readTarHeader(file: string, header: Uint8Array, at: number): TarHeader | undefined {
  if (header[0] === 0) return undefined;
  const digits = textAt(header, 124, 12).trim();
  if (!sumAgrees(header) || !/^[0-7]*$/.test(digits)) {
    throw new DataError(`${file}: expected a tar archive, found a damaged header at byte ${at}`);
  }
  const name = textAt(header, 0, 100), prefix = textAt(header, 345, 155);
  const size = parseInt(digits || "0", 8), kind = header[156];
  return {
    path: ((prefix ? `${prefix}/` : "") + name).replace(/^\.\//, ""),
    isFile: kind === 0x30 || kind === 0,
    size,
    padded: Math.ceil(size / BLOCK) * BLOCK,
  };
}

/**
 * The regular files of an archive with their paths, as views of its bytes; a truncated one is left out. Throws
 * a {@linkcode DataError} on a damaged header.
 */
export function* readTar(
  { file, bytes }: NamedBytes,
): Generator<readonly [path: string, bytes: Uint8Array<ArrayBuffer>]> {
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = readTarHeader(file, bytes.subarray(at, at + BLOCK), at), from = at + BLOCK;
    if (!header) return;
    const { path, isFile, size, padded } = header;
    if (isFile && from + size <= bytes.length) yield [path, bytes.subarray(from, from + size)];
    at = from + padded;
  }
}
