/**
 * Renames TypeScript modules to JavaScript ones where a compiled file names them.
 *
 * @module
 */

/** A worker's module, which the compiler does not know as one. */
const STARTED = /(new URL\("\.{1,2}\/[^"]+)\.ts(", import\.meta\.url\))/g;

/** The module that a declaration is imported from; the compiler renames it in JavaScript only. */
const IMPORTED = /((?:\bfrom |\bimport\()"\.{1,2}\/[^"]+)\.ts(")/g;

/** The text of a compiled file with the names of the compiled modules. */
export const renameModules = (text: string): string =>
  text.replace(STARTED, "$1.js$2").replace(IMPORTED, "$1.js$2");
