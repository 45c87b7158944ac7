/**
 * Reads what `encode` of tasks/export/protobuf.ts wrote.
 *
 * @module
 */
import type { Message } from "../../../tasks/export/protobuf.ts";

/** What a message holds: the values of each field, in order. */
// deno-lint-ignore no-explicit-any -- a tree of numbers, texts and bytes, as the schema says.
export type Decoded = Record<string, any[]>;

/** The fields of a message's bytes. Throws on a field that the schema does not have. */
export function decode(message: Message, bytes: Uint8Array): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), found: Decoded = {};
  let at = 0;
  const varint = () => {
    let value = 0, scale = 1, byte = 0;
    do {
      byte = bytes[at++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  };
  while (at < bytes.length) {
    const tag = varint(), id = Math.floor(tag / 8), wire = tag % 8;
    const [name, [, kind]] = Object.entries(message).find(([, [each]]) => each === id)!;
    const expected = kind === "int" ? 0 : kind === "float" ? 5 : kind === "double" ? 1 : 2;
    if (wire !== expected) {
      throw new Error(`${name}: expected wire type ${expected}, found ${wire}`);
    }
    const value = () => {
      if (kind === "int") return varint();
      if (kind === "float") return view.getFloat32((at += 4) - 4, true);
      if (kind === "double") return view.getFloat64((at += 8) - 8, true);
      const length = varint(), part = bytes.subarray(at, at += length);
      if (part.length !== length) throw new Error(`${name}: expected ${length} bytes`);
      if (kind === "bytes") return part;
      return kind === "text" ? new TextDecoder().decode(part) : decode(kind, part);
    };
    (found[name] ??= []).push(value());
  }
  return found;
}
