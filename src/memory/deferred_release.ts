/**
 * Resources that are released only after their last use has ended.
 *
 * @module
 */

/** Counts uses of resources; one that is released while in use is freed when its last use ends. */
export class DeferredRelease<T> {
  readonly #users = new Map<T, number>();
  readonly #released = new Set<T>();
  readonly #free: (resource: T) => void;

  constructor(free: (resource: T) => void) {
    this.#free = free;
  }

  /** Runs `use`; none of the resources is freed before its promise settles. */
  async during<R>(resources: readonly T[], use: () => Promise<R>): Promise<R> {
    for (const resource of resources) {
      this.#users.set(resource, (this.#users.get(resource) ?? 0) + 1);
    }
    try {
      return await use();
    } finally {
      for (const resource of resources) this.#done(resource);
    }
  }

  /** Frees a resource, now or when its last use ends. */
  release(resource: T) {
    if (this.#users.size > 0 && this.#users.has(resource)) this.#released.add(resource);
    else this.#free(resource);
  }

  #done(resource: T) {
    const left = this.#users.get(resource)! - 1;
    if (left > 0) this.#users.set(resource, left);
    else {
      this.#users.delete(resource);
      if (this.#released.delete(resource)) this.#free(resource);
    }
  }
}
