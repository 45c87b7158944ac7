/**
 * Paths in commands that are shown to be copied.
 *
 * @module
 */

/** A path as a shell takes it: in quotes where it has letters that mean something there. */
export const quoted = (path: string): string =>
  /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
