/**
 * Files that are JSON.
 *
 * @module
 */
import type { Bytes, JsonPart } from "../edits.ts";

/** A value as the bytes of a JSON file. */
export const jsonBytes = (value: unknown): Bytes =>
  new TextEncoder().encode(JSON.stringify(value, null, 2));

/** All of a file, which is JSON. */
export const WHOLE_JSON: JsonPart = {
  read: (bytes) => new TextDecoder().decode(bytes),
  write: (_, text) => new TextEncoder().encode(text),
};
