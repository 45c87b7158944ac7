/**
 * Words and whole commands that a user may copy into a shell.
 *
 * @module
 */

/** A word, such as a path, as a shell reads it: in quotes where it has characters that a shell interprets. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command from its words. */
export const commandText = (words: readonly string[]): string => words.map(quoted).join(" ");
