/**
 * How WebAssembly's binary format encodes numbers, names and vectors.
 *
 * @module
 */

/** An integer from 0 in LEB128. */
export function unsignedLeb128(value: number): number[] {
  const bytes: number[] = [];
  let remainder = value >>> 0;
  do {
    const low = remainder & 127;
    remainder >>>= 7;
    bytes.push(remainder ? low | 128 : low);
  } while (remainder);
  return bytes;
}

/** A signed 32-bit integer in LEB128. */
export function signedLeb128(value: number): number[] {
  const bytes: number[] = [];
  let remainder = value | 0;
  for (;;) {
    const low = remainder & 127;
    remainder >>= 7;
    if ((remainder === 0 && !(low & 64)) || (remainder === -1 && (low & 64))) {
      return [...bytes, low];
    }
    bytes.push(low | 128);
  }
}

/** The bits of a number as f32. */
export const floatBits = (value: number): number =>
  new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** The bytes of 32-bit words. */
export const encodeWords = (words: readonly number[]): number[] => [
  ...new Uint8Array(Uint32Array.from(words).buffer),
];

/** A vector of encoded parts: their number, and one after another. */
export const encodeVector = (parts: readonly (readonly number[])[]): number[] => {
  const all = unsignedLeb128(parts.length);
  for (const part of parts) for (const byte of part) all.push(byte);
  return all;
};

/** A name. */
export const encodeName = (
  name: string,
): number[] => [...unsignedLeb128(name.length), ...new TextEncoder().encode(name)];
