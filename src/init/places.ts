/**
 * Where parameters lie, and which of them have been used: both by identity.
 *
 * @module
 */
import { type Params, Tensor } from "../tensor.ts";
import { sourcesOf } from "../graph.ts";

/** The indices and names that lead to parameters, and so to their layer. */
export type Path = readonly (number | string)[];

/** Finds where parts of a tree of parameters lie. */
export class Places {
  readonly #paths = new Map<unknown, Path[]>();

  /** Knows a tree, and all inside it, by a path. */
  add(tree: Params, path: Path = []): void {
    const known = this.#paths.get(tree);
    if (known) known.push(path);
    else this.#paths.set(tree, [path]);
    if (tree instanceof Tensor) return;
    if (Array.isArray(tree)) tree.forEach((inner, i) => this.add(inner, [...path, i]));
    else for (const [name, inner] of Object.entries(tree)) this.add(inner, [...path, name]);
  }

  /** Where something lies: inside a place, if it does, else where it was first found. */
  find(tree: Params, inside: Path): Path | undefined {
    const paths = this.#paths.get(tree);
    return paths?.find((path) => inside.every((step, i) => step === path[i])) ?? paths?.[0];
  }
}

/** Finds which tensors of a set others are computed from. */
export class Uses {
  readonly #of: ReadonlySet<Tensor>;
  readonly #seen = new Set<Tensor>();
  /** Those that have been found. */
  readonly found: Set<Tensor> = new Set();

  /** Looks for the tensors of a set. */
  constructor(of: ReadonlySet<Tensor>) {
    this.#of = of;
  }

  /** Does not look behind a tensor. */
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
