/**
 * The uses of a graph's nodes, and the sizes of the steps that they are inlined into.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";

/** A use of a node: in the step of `root`. */
export interface Site {
  readonly root: Tensor;
  /** Whether the root's element i uses the node's element i and no other. */
  readonly same: boolean;
  /** Whether elements of the node are used more than once. */
  readonly repeated: boolean;
}

/** The most ops fused into one step; beyond this, compile time grows faster than linearly. */
const MAX_FUSED = 256;

/** The uses of each node, and the size of each step. */
export class Sites {
  readonly #sites = new Map<Tensor, Site[]>();
  /** For each node: the steps that use it at the same index. */
  readonly #same = new Map<Tensor, Set<Tensor>>();
  readonly #sizes = new Map<Tensor, number>();

  of(x: Tensor): readonly Site[] {
    return this.#sites.get(x) ?? [];
  }

  /** Records a use of a node; uses at the same index in the same step count once. */
  need(x: Tensor, site: Site) {
    const list = this.#sites.get(x);
    if (!list) this.#sites.set(x, [site]);
    if (site.same) {
      const same = this.#same.get(x);
      if (same?.has(site.root)) return;
      if (same) same.add(site.root);
      else this.#same.set(x, new Set([site.root]));
    }
    list?.push(site);
  }

  /** Adds a node's size to the steps of its sites; returns whether one of them is then full. */
  fill(sites: readonly Site[], own: number): boolean {
    let full = false;
    for (const { root } of sites) {
      const size = (this.#sizes.get(root) ?? 0) + own;
      this.#sizes.set(root, size);
      full ||= size > MAX_FUSED;
    }
    return full;
  }
}

/** Whether inlining a node at its sites computes some element more than once. */
export function isRepeated(sites: readonly Site[]): boolean {
  const [{ root, repeated }] = sites as [Site];
  const inOneStep = sites.every((site) => site.root === root);
  return repeated || !inOneStep || (sites.length > 1 && !sites.every(({ same }) => same));
}
