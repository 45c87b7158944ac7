/**
 * A bounded cache that evicts the least recently used value.
 *
 * @module
 */

/** A cache that evicts the least recently used value once it holds more than `capacity`. */
export class LruCache<V> {
  readonly #values = new Map<string, V>();
  readonly #capacity: number;
  readonly #drop: (value: V) => void;
  /** The name that was used last. */
  #newest: string | undefined;

  constructor(capacity: number, drop: (value: V) => void) {
    this.#capacity = capacity;
    this.#drop = drop;
  }

  /** The value of a name, made now if there is none. */
  get(name: string, make: () => V): V {
    const known = this.find(name);
    if (known !== undefined) return known;
    const value = make();
    this.set(name, value);
    return value;
  }

  /** The value of a name, if there is one; it becomes the most recently used. */
  find(name: string): V | undefined {
    const found = this.#values.get(name);
    if (found !== undefined && name !== this.#newest) {
      this.#values.delete(name);
      this.#values.set(name, found);
      this.#newest = name;
    }
    return found;
  }

  /** Stores a value under a name that is new or its own already. */
  set(name: string, value: V) {
    if (!this.#values.has(name)) this.#newest = name;
    this.#values.set(name, value);
    if (this.#values.size <= this.#capacity) return;
    const [oldest, dropped] = this.#values.entries().next().value!;
    this.#values.delete(oldest);
    this.#drop(dropped);
  }

  /** Drops the values whose names pass a test. */
  drop(which: (name: string) => boolean) {
    for (const [name, value] of [...this.#values]) {
      if (!which(name)) continue;
      this.#values.delete(name);
      this.#drop(value);
    }
  }

  /** The number of values kept. */
  get size(): number {
    return this.#values.size;
  }
}
