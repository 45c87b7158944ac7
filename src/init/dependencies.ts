/**
 * Which tensors of a set others are computed from, by identity.
 *
 * @module
 */
import { sourcesOf } from "../graph.ts";
import type { Tensor } from "../tensor.ts";

/** Finds which tensors of a set others are computed from. */
export class Dependencies {
  readonly #of: ReadonlySet<Tensor>;
  readonly #seen = new Set<Tensor>();
  /** Those that have been found. */
  readonly found: Set<Tensor> = new Set();

  /** Looks for the tensors of a set. */
  constructor(of: ReadonlySet<Tensor>) {
    this.#of = of;
  }

  /** Does not look at what a tensor is computed from. */
  skip(x: Tensor): void {
    this.#seen.add(x);
  }

  /** Looks through all that a tensor is computed from, but for what was seen before. */
  look(x: Tensor): void {
    const stack = [x];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (this.#seen.has(next)) continue;
      this.#seen.add(next);
      if (this.#of.has(next)) this.found.add(next);
      else stack.push(...sourcesOf(next));
    }
  }
}
