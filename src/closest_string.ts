/**
 * The closest match to a misspelled word, for "did you mean" messages.
 *
 * @module
 */

/**
 * The Levenshtein distance: the fewest insertions, deletions and substitutions that turn one word into the
 * other.
 */
export function levenshteinDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A name without what is often spelled otherwise: upper case, hyphens, underscores, spaces. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[-_\s]+/g, "");

/**
 * The candidate closest to an unknown word: within half its length in edits, of which some letters stay, or
 * sharing a prefix; else undefined. Upper case, hyphens, underscores and spaces do not count.
 */
export function closestString(word: string, words: readonly string[]): string | undefined {
  const own = normalizeName(word);
  const cost = (each: string) => {
    const other = normalizeName(each);
    if (own === other) return 0;
    const isPrefix = own.length > 1 && (other.startsWith(own) || own.startsWith(other));
    return isPrefix ? 1 : levenshteinDistance(own, other);
  };
  const [best] = words.map((each) => [cost(each), each] as const).sort(([a], [b]) => a - b);
  const most = Math.min(word.length - 1, Math.max(1, Math.floor(word.length / 2)));
  return best && best[0] <= most ? best[1] : undefined;
}
