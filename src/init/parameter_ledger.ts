/**
 * What becomes of a net's parameters on a walk: who has used them, and what has taken their place.
 *
 * @module
 */
import type { Params, Tensor } from "../tensor.ts";
import { entries, leaves, mapTree } from "../tree.ts";
import { Dependencies } from "./dependencies.ts";

/** The parameters of a net, by identity. */
export class ParameterLedger {
  readonly #params: Params;
  readonly #all: ReadonlySet<Tensor>;
  readonly #replaced = new Map<Tensor, Tensor>();
  /** By parameter: the name of the layer with weights that used it first. */
  readonly #users = new Map<Tensor, string>();
  /** Which parameters are used otherwise than as the weights of such a layer. */
  readonly #others: Dependencies;

  constructor(params: Params) {
    this.#params = params;
    this.#all = new Set(leaves<Tensor>(params));
    this.#others = new Dependencies(this.#all);
  }

  /** A tree with those parameters that are now in the place of the former. */
  current<T extends Params>(tree: T): T {
    return mapTree<Tensor, Tensor, T>((w) => this.#replaced.get(w) ?? w, tree) as unknown as T;
  }

  /** Puts parameters in the place of others, which nest alike. */
  replace(before: Params, after: Params): void {
    const next = leaves<Tensor>(after);
    leaves<Tensor>(before).forEach((old, i) => {
      const w = next[i]!;
      if (w === old) return;
      this.#replaced.set(old, w);
      this.#users.set(w, this.#users.get(old)!);
      this.#others.skip(w);
    });
  }

  /** Notes which parameters a value was computed from, outside of layers with weights. */
  look(x: Tensor): void {
    this.#others.look(x);
  }

  /** Whether weights may be scaled: they are parameters, and nothing has used them before. */
  areFree(weights: readonly Tensor[]): boolean {
    return weights.length > 0 &&
      weights.every((w) => this.#all.has(w) && !this.#users.has(w) && !this.#others.found.has(w));
  }

  /** In a few words, whose weights they are that are not free. */
  describe(weights: readonly Tensor[]): string {
    const earlier = weights.map((w) => this.#users.get(w)).find((name) => name !== undefined);
    if (earlier) return `weights of ${earlier}`;
    return weights.every((w) => this.#all.has(w))
      ? "weights used before"
      : "weights that are no parameters";
  }

  /** Notes that a layer uses parameters. */
  use(params: Params, name: string): void {
    for (const w of leaves<Tensor>(params)) if (!this.#users.has(w)) this.#users.set(w, name);
  }

  /** Parameters of two axes and more that no layer with weights has used, by path: whether others have. */
  uncovered(): Readonly<Record<string, boolean>> {
    const left = entries<Tensor>(this.#params).filter(([, w]) =>
      w.rank >= 2 && !this.#users.has(w)
    );
    return Object.fromEntries(left.map(([path, w]) => [path, this.#others.found.has(w)]));
  }

  /** Whether parameters that were replaced have been used elsewhere as they were. */
  get isStale(): boolean {
    return [...this.#others.found].some((w) => this.#replaced.has(w));
  }
}
