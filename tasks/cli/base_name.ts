/**
 * The last part of a path.
 *
 * @module
 */

/** The last part of a path; the path itself where it has none. */
export const baseName = (path: string): string =>
  path.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) || path;
