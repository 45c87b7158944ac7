/**
 * The order of pictures, and a part of each class for testing, by a hash of their names: the same on every
 * machine, and hardly changed by further pictures.
 *
 * @module
 */

/** Multipliers of the hash. */
const FIRST = 0x9e3779b1, SECOND = 0x85ebca77, MIX = 0x85ebca6b, MIX2 = 0xc2b2ae35;

const mix = (a: number, b: number): number => {
  const c = Math.imul(a ^ a >>> 16, MIX) ^ Math.imul(b ^ b >>> 13, MIX2);
  return Math.imul(c ^ c >>> 15, MIX2) ^ c >>> 13;
};

/** A number from 0 to below 2⁵³ that depends on all of a text and on a seed, about evenly. */
export function hashText(text: string, seed: number): number {
  let a = seed ^ 0xdeadbeef, b = seed ^ 0x41c6ce57;
  for (const byte of new TextEncoder().encode(text.normalize("NFC"))) {
    a = Math.imul(a ^ byte, FIRST);
    b = Math.imul(b ^ byte, SECOND);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return 2 ** 32 * (mix(a, b) >>> 11) + (mix(b, a) >>> 0);
}

/** Items in the order of a hash of their names. */
export function byHash<T extends { readonly name: string }>(
  items: readonly T[],
  seed: number,
): T[] {
  const keyed = items.map((item) => ({ item, hash: hashText(item.name, seed) }));
  return keyed.sort((a, b) => a.hash - b.hash || (a.item.name < b.item.name ? -1 : 1))
    .map(({ item }) => item);
}

/** How pictures are divided. */
export interface SplitOptions {
  /** The share of each class that is for testing. */
  readonly share: number;
  /** Another seed chooses other pictures. */
  readonly seed: number;
}

/**
 * Divides one class: those with the least hashes are for testing, as many as the share says, but at least one
 * and not all. A further picture moves at most one other.
 */
export function splitClass<T extends { readonly name: string }>(
  items: readonly T[],
  { share, seed }: SplitOptions,
): { readonly train: T[]; readonly test: T[] } {
  const order = byHash(items, seed), most = items.length - 1;
  const tested = Math.min(most, Math.max(1, Math.round(items.length * share)));
  return { train: order.slice(tested), test: order.slice(0, tested) };
}
