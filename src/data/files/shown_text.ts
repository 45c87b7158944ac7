/**
 * Text of a file in an error: one line, and short.
 *
 * @module
 */

/** The most characters that are shown. */
const MOST = 120;

/** Control characters, which would end a line or change a terminal. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** A text as an error shows it: without control characters, its beginning where it is long. */
export function shownText(text: string): string {
  const start = text.slice(0, MOST).replace(CONTROL, " ");
  return text.length > MOST ? `${start}…` : start;
}
