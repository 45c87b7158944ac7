/**
 * Reads tar archives.
 *
 * @module
 */

/** The bytes of a header; files are padded to multiples of it. */
const BLOCK = 512;

const textAt = (bytes: Uint8Array, at: number, length: number): string => {
  const field = bytes.subarray(at, at + length), end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
};

/** Whether bytes are a tar archive, POSIX or GNU. */
export const isTar = (bytes: Uint8Array): boolean => textAt(bytes, 257, 5) === "ustar";

/** The regular files of an archive with their paths, as views of its bytes; a truncated one is left out. */
export function* readTar(
  bytes: Uint8Array<ArrayBuffer>,
): Generator<readonly [path: string, bytes: Uint8Array<ArrayBuffer>]> {
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const name = textAt(bytes, at, 100), prefix = textAt(bytes, at + 345, 155);
    const size = parseInt(textAt(bytes, at + 124, 12).trim() || "0", 8);
    const kind = bytes[at + 156], from = at + BLOCK;
    const path = (prefix ? `${prefix}/` : "") + name;
    if ((kind === 0x30 || kind === 0) && from + size <= bytes.length) {
      yield [path.replace(/^\.\//, ""), bytes.subarray(from, from + size)];
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
}
