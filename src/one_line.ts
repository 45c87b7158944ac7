/**
 * Text of files in errors: one line, of a length that can be read, without what changes a terminal.
 *
 * @module
 */

/** The most characters of an error. */
const MOST = 2000;

/** Control characters, which end a line or change a terminal, and marks that turn text around. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escaped = (letter: string): string =>
  letter === "\n" ? "\\n" : `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text in one line: control characters as escapes, and the beginning of a long one. */
export function oneLine(text: string, most = MOST): string {
  const line = text.slice(0, most).replace(CONTROL, escaped);
  return text.length > most || line.length > most ? `${line.slice(0, most)}…` : line;
}

/** The most characters of a value in an error. */
const MOST_VALUE = 200;

/** A value of a file as JSON in one line; its beginning where it is long. */
export function shownJson(value: unknown): string {
  try {
    return oneLine(JSON.stringify(value) ?? "undefined", MOST_VALUE);
  } catch {
    return "a value that is nested too deep";
  }
}
