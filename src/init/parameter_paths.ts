/**
 * Where parameters lie in a net, by identity.
 *
 * @module
 */
import { type Params, Tensor } from "../tensor.ts";

/** The indices and names that lead to parameters, and so to their layer. */
export type Path = readonly (number | string)[];

/** Finds where parts of a tree of parameters lie. */
export class ParameterPaths {
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
