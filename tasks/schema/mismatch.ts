/**
 * The error of a value that a schema refuses.
 *
 * @module
 */

/** The most letters of a text that are shown. */
const SHOWN = 60;

/** A value in a few words, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" && value.length > SHOWN
    ? JSON.stringify(`${value.slice(0, SHOWN)}…`)
    : JSON.stringify(value);
  if (typeof value !== "object" || text.length <= SHOWN) return text;
  return Array.isArray(value) ? "a list" : "an object";
}

/** A value that is not what a schema expects. */
export class Mismatch extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "Mismatch";

  /** @param path Where it is in its file; empty for the whole. */
  constructor(path: string, expected: string, found: unknown) {
    super(`${path}${path && ": "}expected ${expected}, found ${show(found)}`);
  }
}
