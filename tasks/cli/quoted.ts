/**
 * Paths quoted for commands that a user may copy.
 *
 * @module
 */

/** A path as a shell reads it: in quotes where it has characters that a shell interprets. */
export const quoted = (path: string): string =>
  /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
