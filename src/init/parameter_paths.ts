/**
 * The paths of parameters in a net, by identity.
 *
 * @module
 */
import { type Params, Tensor } from "../tensor.ts";

/** A path of indices and names to parameters, and so to their layer. */
export type Path = readonly (number | string)[];

/** Finds the paths of parts of a parameter tree. */
export class ParameterPaths {
  readonly #paths = new Map<unknown, Path[]>();

  /** Registers a tree, and everything in it, under a path. */
  add(tree: Params, path: Path = []): void {
    const known = this.#paths.get(tree);
    if (known) known.push(path);
    else this.#paths.set(tree, [path]);
    if (tree instanceof Tensor) return;
    if (Array.isArray(tree)) tree.forEach((inner, i) => this.add(inner, [...path, i]));
    else for (const [name, inner] of Object.entries(tree)) this.add(inner, [...path, name]);
  }

  /** The path of a part: one inside `inside` if there is one, else its first. */
  find(tree: Params, inside: Path): Path | undefined {
    const paths = this.#paths.get(tree);
    return paths?.find((path) => inside.every((step, i) => step === path[i])) ?? paths?.[0];
  }
}
