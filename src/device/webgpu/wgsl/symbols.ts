/**
 * Symbols: names of a module's declarations that are resolved when it is linked. Text refers to
 * declarations (functions, buffers, workgroup memory) by symbols only, so that several modules can be
 * linked into one without parsing; names within a function are plain text.
 *
 * @module
 */

/** The marks around the symbol of a declaration, and of a helper; WGSL uses neither character. */
const OWN = "$", HELPER = "#";

/** A reference to a declaration of the module. */
export const symbol = (name: string): string => `${OWN}${name}${OWN}`;

/** A reference to a helper, which the linker adds to the module. */
export const helperSymbol = (name: string): string => `${HELPER}${name}${HELPER}`;

const ofEvery = (parts: readonly string[], nameOf: (symbol: string) => string): string =>
  parts.map((part, i) => i % 2 === 1 ? nameOf(part) : part).join("");

/** Replaces each symbol in a text by its name. */
export const resolveSymbols = (text: string, nameOf: (symbol: string) => string): string =>
  ofEvery(ofEvery(text.split(HELPER), nameOf).split(OWN), nameOf);

const OWN_MARKS = /\$/g, HELPER_MARKS = /#/g;

/** Replaces each symbol in a text by the symbol without its marks. */
export function ownNames(text: string): string {
  const named = text.replace(OWN_MARKS, "");
  return named.includes(HELPER) ? named.replace(HELPER_MARKS, "") : named;
}

/** The helpers that a text refers to, in order of occurrence. */
export const helpersCalledIn = (text: string): readonly string[] =>
  text.includes(HELPER) ? text.split(HELPER).filter((_, i) => i % 2 === 1) : [];
