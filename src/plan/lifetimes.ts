/**
 * Lifetimes of values: from the first step or dispatch that touches one to the last.
 *
 * @module
 */

/** The values, by number, that a step or dispatch reads and writes. */
export interface Touches {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** A value's size, and the positions of the first and last step or dispatch that touch it. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The lifetimes of values, in the order in which they are first touched.
 *
 * @param order The steps or dispatches in execution order.
 * @param bytes The size of each value; one of size 0 outlives the plan and is left out.
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

/** The bytes alive at each of `length` positions. */
export function bytesAlive(lives: Iterable<Lifetime>, length: number): Float64Array {
  const alive = new Float64Array(length + 1);
  for (const { bytes, first, last } of lives) {
    alive[first]! += bytes;
    alive[last + 1]! -= bytes;
  }
  for (let i = 1; i < alive.length; i++) alive[i]! += alive[i - 1]!;
  return alive;
}
