/**
 * The files that a file depends on, from its source text.
 *
 * @module
 */

/** A source file: its path from the repository's root, with forward slashes, and its text. */
export interface Source {
  /** Such as `src/ops/conv.ts`. */
  readonly path: string;
  /** The whole file. */
  readonly text: string;
}

/** An import: as written, and resolved from the repository's root where it is relative. */
export interface Import {
  /** Such as `../tensor.ts` or `@std/assert`. */
  readonly specifier: string;
  /** Such as `src/tensor.ts`; undefined for a package. */
  readonly target: string | undefined;
}

const STATIC = /^\s*(?:import|export)\s(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["'`]([^"'`]+)["'`]/g;
const WORKER = /\bnew URL\(\s*["']([^"']+\.ts)["'],\s*import\.meta\.url/g;

/** A source text without comments, so that code in them does not count. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*\*?[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

const found = (code: string, patterns: readonly RegExp[]): string[] =>
  patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier!));

/** The specifiers that a file imports, types included. */
export const findSpecifiers = (text: string): string[] =>
  found(withoutComments(text), [STATIC, DYNAMIC]);

const resolve = (specifier: string, from: string): string | undefined =>
  /^\.{1,2}\//.test(specifier)
    ? new URL(specifier, `file:///${from}`).pathname.slice(1)
    : undefined;

const resolved = (specifiers: readonly string[], path: string): Import[] =>
  specifiers.map((specifier) => ({ specifier, target: resolve(specifier, path) }));

/** The imports of a file, types included. */
export const findImports = ({ path, text }: Source): Import[] =>
  resolved(findSpecifiers(text), path);

/** The files that a file starts as workers or child processes: it depends on them without importing them. */
export const findStarted = ({ path, text }: Source): Import[] =>
  resolved(found(withoutComments(text), [WORKER]), path);
