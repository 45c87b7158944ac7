/**
 * Finds the tensors of a set that others are computed from, by identity.
 *
 * @module
 */
import { sourcesOf } from "../graph.ts";
import type { Tensor } from "../tensor.ts";

/** Collects the tensors of a set that others are computed from. */
export class Dependencies {
  readonly #of: ReadonlySet<Tensor>;
  readonly #seen = new Set<Tensor>();
  /** The tensors found so far. */
  readonly found: Set<Tensor> = new Set();

  /** Searches for the tensors of `of`. */
  constructor(of: ReadonlySet<Tensor>) {
    this.#of = of;
  }

  /** Excludes a tensor from the search. */
  exclude(x: Tensor): void {
    this.#seen.add(x);
  }

  /** Searches everything that a tensor is computed from, except what was searched before. */
  search(x: Tensor): void {
    const stack = [x];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (this.#seen.has(next)) continue;
      this.#seen.add(next);
      if (this.#of.has(next)) this.found.add(next);
      else stack.push(...sourcesOf(next));
    }
  }
}
