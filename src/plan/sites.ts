/**
 * Where the nodes of a graph are needed, and how much the steps that compute them hold.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";

/** A place where a node is computed: inside the step of `root`. */
export interface Site {
  readonly root: Tensor;
  /** Whether the node's element i is needed exactly for the root's element i. */
  readonly same: boolean;
  /** Whether the node's elements are needed more than once each. */
  readonly repeated: boolean;
}

/** The most ops that are computed in one step: beyond, what code and its compilation cost grows faster. */
const MAX_FUSED = 256;

/** The nodes computed in each step, and where each node is needed. */
export class Sites {
  readonly #sites = new Map<Tensor, Site[]>();
  /** For each node: the steps that need it at the same index. */
  readonly #same = new Map<Tensor, Set<Tensor>>();
  readonly #sizes = new Map<Tensor, number>();

  of(x: Tensor): readonly Site[] {
    return this.#sites.get(x) ?? [];
  }

  /** Notes that a node is needed; at the same index of the same step that counts once. */
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

  /** Counts a node of a size that is computed at some sites; whether one of their steps is full. */
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

/** Whether a node that is computed at some sites is computed more than once an element. */
export function isRepeated(sites: readonly Site[]): boolean {
  const [{ root, repeated }] = sites as [Site];
  const inOneStep = sites.every((site) => site.root === root);
  return repeated || !inOneStep || (sites.length > 1 && !sites.every(({ same }) => same));
}
