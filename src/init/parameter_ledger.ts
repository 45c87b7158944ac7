/**
 * Tracks a net's parameters during a walk: which layers used them, and their replacements.
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
  /** For each parameter, the name of the layer with weights that used it first. */
  readonly #users = new Map<Tensor, string>();
  /** The parameters that are used other than as the weights of such a layer. */
  readonly #others: Dependencies;

  constructor(params: Params) {
    this.#params = params;
    this.#all = new Set(leaves<Tensor>(params));
    this.#others = new Dependencies(this.#all);
  }

  /** A tree with replaced parameters substituted. */
  current<T extends Params>(tree: T): T {
    return mapTree<Tensor, Tensor, T>((w) => this.#replaced.get(w) ?? w, tree) as unknown as T;
  }

  /** Replaces parameters by others of the same structure. */
  replace(before: Params, after: Params): void {
    const next = leaves<Tensor>(after);
    leaves<Tensor>(before).forEach((old, i) => {
      const w = next[i]!;
      if (w === old) return;
      this.#replaced.set(old, w);
      this.#users.set(w, this.#users.get(old)!);
      this.#others.exclude(w);
    });
  }

  /** Records the parameters that a value was computed from, outside layers with weights. */
  recordUses(x: Tensor): void {
    this.#others.search(x);
  }

  /** Whether weights may be scaled: they are parameters that nothing has used before. */
  areFree(weights: readonly Tensor[]): boolean {
    return weights.length > 0 &&
      weights.every((w) => this.#all.has(w) && !this.#users.has(w) && !this.#others.found.has(w));
  }

  /** Describes weights that are not free. */
  describe(weights: readonly Tensor[]): string {
    const earlier = weights.map((w) => this.#users.get(w)).find((name) => name !== undefined);
    if (earlier) return `weights of ${earlier}`;
    return weights.every((w) => this.#all.has(w))
      ? "weights used before"
      : "weights that are no parameters";
  }

  /** Records that a layer uses parameters. */
  use(params: Params, name: string): void {
    for (const w of leaves<Tensor>(params)) if (!this.#users.has(w)) this.#users.set(w, name);
  }

  /**
   * The parameters of at least two axes that no layer with weights used, by path, with whether anything
   * else did.
   */
  uncovered(): Readonly<Record<string, boolean>> {
    const left = entries<Tensor>(this.#params).filter(([, w]) =>
      w.rank >= 2 && !this.#users.has(w)
    );
    return Object.fromEntries(left.map(([path, w]) => [path, this.#others.found.has(w)]));
  }

  /** Whether replaced parameters were used elsewhere with their old values. */
  get isStale(): boolean {
    return [...this.#others.found].some((w) => this.#replaced.has(w));
  }
}
