/**
 * The header of a safetensors file, for edits of its JSON.
 *
 * @module
 */
import { type Bytes, joined, type JsonPart } from "../edits.ts";

const LENGTH = 8;

/** The bytes of the header; undefined where the file has none. */
function headerBytes(bytes: Bytes): Bytes | undefined {
  if (bytes.length < LENGTH) return undefined;
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return LENGTH + length <= bytes.length ? bytes.subarray(LENGTH, LENGTH + length) : undefined;
}

/** The JSON in the header of a safetensors file. */
export const HEADER: JsonPart = {
  read: (bytes) => {
    const header = headerBytes(bytes);
    return header && new TextDecoder().decode(header);
  },
  write(bytes, text) {
    const header = new TextEncoder().encode(text), length = new Uint8Array(LENGTH);
    new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
    return joined(length, header, bytes.subarray(LENGTH + headerBytes(bytes)!.length));
  },
};
