/**
 * Symbols: names of a module's declarations that are settled when it is linked. Text refers to what its
 * module declares (functions, buffers, workgroup memory) by symbols only, so that several modules can be
 * linked as one without reading their text; names within a function are plain text.
 *
 * @module
 */

/** What stands around a symbol; WGSL has no such character. */
const MARK = "$";

/** A reference to a declaration of the module. */
export const symbol = (name: string): string => `${MARK}${name}${MARK}`;

/** The symbols that a text refers to, in order. */
export const symbolsIn = (text: string): readonly string[] =>
  text.split(MARK).filter((_, i) => i % 2 === 1);

/** A text with the name of each symbol in its place. */
export const resolveSymbols = (text: string, nameOf: (symbol: string) => string): string =>
  text.split(MARK).map((part, i) => i % 2 === 1 ? nameOf(part) : part).join("");
