/**
 * Encoding of numbers, names and vectors in WebAssembly's binary format.
 *
 * @module
 */
import { concatBytes } from "../../../host_data.ts";

/** Bytes as an array (for short sequences) or as a typed array. */
export type Bytes = readonly number[] | Uint8Array;

/** Appends an unsigned 32-bit integer in LEB128. */
export function pushUnsigned(to: number[], value: number) {
  let left = value >>> 0;
  for (; left > 127; left >>>= 7) to.push(left & 127 | 128);
  to.push(left);
}

/** Appends a signed 32-bit integer in LEB128. */
export function pushSigned(to: number[], value: number) {
  let left = value | 0;
  for (; left < -64 || left > 63; left >>= 7) to.push(left & 127 | 128);
  to.push(left & 127);
}

/** An unsigned 32-bit integer in LEB128. */
export function unsignedLeb128(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

/** The bytes of 32-bit words. */
export const wordBytes = (words: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(words).buffer);

/** Encodes a vector: the number of elements, then the elements. */
export const encodeVector = (parts: readonly Bytes[]): Uint8Array =>
  concatBytes([unsignedLeb128(parts.length), ...parts]);

/** Bytes prefixed with their length. */
export const withLength = (bytes: Bytes): Uint8Array =>
  concatBytes([unsignedLeb128(bytes.length), bytes]);

/** Encodes a name. */
export const encodeName = (name: string): Uint8Array => withLength(new TextEncoder().encode(name));
