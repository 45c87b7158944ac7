/**
 * Giving things back only once nobody uses them.
 *
 * @module
 */

/** Things in use for a while; one released meanwhile is given back when the use ends. */
export class DeferredRelease<T> {
  readonly #users = new Map<T, number>();
  readonly #released = new Set<T>();
  readonly #giveBack: (thing: T) => void;

  constructor(giveBack: (thing: T) => void) {
    this.#giveBack = giveBack;
  }

  /** Runs `use`; none of the things is given back before its promise settles. */
  async during<R>(things: readonly T[], use: () => Promise<R>): Promise<R> {
    for (const thing of things) this.#users.set(thing, (this.#users.get(thing) ?? 0) + 1);
    try {
      return await use();
    } finally {
      for (const thing of things) this.#done(thing);
    }
  }

  /** Gives a thing back, now or when its last use ends. */
  release(thing: T) {
    if (this.#users.has(thing)) this.#released.add(thing);
    else this.#giveBack(thing);
  }

  #done(thing: T) {
    const left = this.#users.get(thing)! - 1;
    if (left > 0) this.#users.set(thing, left);
    else {
      this.#users.delete(thing);
      if (this.#released.delete(thing)) this.#giveBack(thing);
    }
  }
}
