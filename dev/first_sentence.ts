/**
 * The first sentence of a documentation comment.
 *
 * @module
 */

/** The first sentence of a text, on one line, its links as code. */
export function firstSentence(text: string): string {
  const line = text.split(/\n\s*\n/)[0]!.replace(/\s+/g, " ").trim();
  const plain = line.replace(/\{@linkcode ([^}]+)\}/g, "`$1`");
  return /^.*?(?<!\b(?:al|eq|vs|e\.g|i\.e))\.(?=\s|$)/.exec(plain)?.[0] ?? plain;
}
