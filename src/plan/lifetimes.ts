/**
 * How long values live: from the first step or dispatch that touches one to the last.
 *
 * @module
 */

/** The values, by number, that a step or dispatch reads and writes. */
export interface Touches {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** A value's size, and the places in an order of the first and last that touch it. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The lifetimes of values, in the order in which they are first touched.
 *
 * @param order What runs, in order.
 * @param bytes For each value, its size; 0 for one that outlives them all, which is left out.
 */
export function lifetimes(
  order: readonly Touches[],
  bytes: readonly number[],
): ReadonlyMap<number, Lifetime> {
  const lives = new Map<number, { readonly bytes: number; readonly first: number; last: number }>();
  order.forEach(({ reads, writes }, at) => {
    for (const values of [reads, writes]) {
      for (const value of values) {
        const life = lives.get(value);
        if (life) life.last = at;
        else if (bytes[value]! > 0) {
          lives.set(value, { bytes: bytes[value]!, first: at, last: at });
        }
      }
    }
  });
  return lives;
}

/** The bytes that are alive at each place of an order of so many. */
export function bytesAlive(lives: Iterable<Lifetime>, length: number): Float64Array {
  const alive = new Float64Array(length + 1);
  for (const { bytes, first, last } of lives) {
    alive[first]! += bytes;
    alive[last + 1]! -= bytes;
  }
  for (let i = 1; i < alive.length; i++) alive[i]! += alive[i - 1]!;
  return alive;
}
