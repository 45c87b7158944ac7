/**
 * How large the content of a file may be: known from its first bytes where its format says so, so that a small
 * compressed file cannot fill the memory.
 *
 * @module
 */
import { grouped } from "../../counted.ts";
import { DataError } from "./data_file.ts";

/**
 * The most bytes of a file's content, decompressed. Throws a {@linkcode DataError} on content of another format.
 *
 * @param first The first {@linkcode FIRST} bytes of the content, or all of a shorter one.
 * @param file The file's name for errors.
 */
export type Bound = (first: Uint8Array<ArrayBuffer>, file: string) => number;

/** How many bytes a {@linkcode Bound} is given. */
export const FIRST = 4096;

/** The most bytes of any content: those of an array. */
export const MOST = 2 ** 32;

/** Content whose format does not say how large it is. */
export const anySize: Bound = () => MOST;

/** Texts beside the data, such as the names of classes. */
export const textSize: Bound = () => 2 ** 20;

/** Up to this ratio of its size, and up to so many bytes, a file may be decompressed. */
const RATIO = 100, FREE = 2 ** 26;

/**
 * The most bytes that a compressed file of a size may become. Images become 2 to 20 times their size, while a
 * file that deflate makes 1,000 times smaller is of one byte repeated.
 */
export const mostInflated = (packed: number): number =>
  Math.min(MOST, Math.max(FREE, RATIO * packed));

/** Throws a {@linkcode DataError} on content of more bytes than are allowed. */
export function checkContent(file: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new DataError(
    `${file}: expected at most ${grouped(most)} bytes of content, found ${grouped(bytes)}`,
  );
}

/** The error of a compressed file that goes on after the most bytes that its content may have. */
export const tooMuch = (file: string, packed: number, most: number): DataError =>
  new DataError(
    `${file}: expected ${grouped(packed)} compressed bytes to become at most ${
      grouped(most)
    }, found more` +
      (most === mostInflated(packed) ? "; if it is what it should be, decompress it first" : ""),
  );
