/**
 * Which nodes of a graph become steps of their own, and which are computed inside another.
 *
 * @module
 */
import { isFlat } from "../shape.ts";
import { asArg } from "../spec.ts";
import { sourcesOf } from "../graph.ts";
import type { Tensor } from "../tensor.ts";
import { isPadded } from "./axes.ts";
import { PADDED } from "./limits.ts";
import type { Policy } from "./plan.ts";

/** The tensors of a graph that get memory, and the kernels that a step ends with more ops after. */
export interface Materialization {
  /** Tensors that are stored: each is a step, but for inputs and constants. */
  readonly roots: ReadonlySet<Tensor>;
  /** For a root that is not a kernel itself: the kernel whose result it finishes. */
  readonly anchors: ReadonlyMap<Tensor, Tensor>;
}

/** A place where a node is computed: inside the step of `root`. */
interface Site {
  readonly root: Tensor;
  /** Whether the node's element i is needed exactly for the root's element i. */
  readonly same: boolean;
  /** Whether the node's elements are needed more than once each. */
  readonly repeated: boolean;
}

/** The most ops that are computed in one step: beyond, what code and its compilation cost grows faster. */
const MAX_FUSED = 256;

/** Whether computing a map again is cheaper than storing and reading it: few ops, two loads at most. */
function isCheap(x: Tensor): boolean {
  let cost = 0;
  const loads = new Set<Tensor>(), left = [x];
  for (let t = left.pop(); t && cost <= 3 && loads.size <= 2; t = left.pop()) {
    t = base(t, "all");
    if (t.op.kind !== "map") {
      if (t.size > 1) loads.add(t);
      continue;
    }
    if (t.args.length > 0) cost += t.op.cost ?? 1;
    left.push(...t.args);
  }
  return cost <= 3 && loads.size <= 2;
}

/** The tensor that a view reads, through flat views or all views; the tensor itself if it is none. */
function base(x: Tensor, through: "flat" | "all"): Tensor {
  while (x.op.kind === "view") {
    const source = x.args[0]!;
    if (through === "flat" && !isFlat(x.op.view(asArg(source), x.attrs), source.size)) {
      return x;
    }
    x = source;
  }
  return x;
}

/** The nodes computed in each step, and where each node is needed. */
class Sites {
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

/**
 * Places every node: a node is stored if it is an output, a kernel, read by a kernel that wants it in
 * memory, needed in several places and not cheap, or one too many for a step; else it is computed inside the
 * step that needs it.
 *
 * @param order The graph, arguments first, from `given` on.
 * @param forced Nodes to store in any case.
 */
export function materialize(
  order: readonly Tensor[],
  given: ReadonlySet<Tensor>,
  outputs: readonly Tensor[],
  policy: Policy,
  forced: ReadonlySet<Tensor>,
): Materialization {
  const roots = new Set<Tensor>([...outputs, ...forced]);
  const anchors = new Map<Tensor, Tensor>();
  const sites = new Sites(), parts = new Set<Tensor>();
  const anchored = new Map<Tensor, Tensor>();
  const isComputed = (x: Tensor) => !given.has(x) && x.op.kind !== "leaf";
  for (const x of order.toReversed()) {
    if (!isComputed(x)) continue;
    const { op } = x, sources = sourcesOf(x);
    // A constant is written wherever it is needed.
    if (op.kind === "map" && sources.length === 0) continue;
    if (op.kind === "concat") {
      roots.add(x);
      for (const part of sources) {
        roots.add(part);
        parts.add(part);
      }
      continue;
    }
    const own = sites.of(x);
    if (op.kind === "map" && !roots.has(x)) {
      const one = own.every((s) => s.root === own[0]!.root);
      const inline = one && (own.length === 1 || own.every((s) => s.same))
        ? !own[0]!.repeated || isCheap(x)
        : isCheap(x);
      if (!inline) roots.add(x);
    }
    if (op.kind === "kernel" && !roots.has(x)) {
      const [site] = own;
      if (
        site && own.length === 1 && site.same && site.root.op.kind !== "kernel" &&
        !anchors.has(site.root) && !parts.has(site.root)
      ) {
        anchors.set(site.root, x);
        anchored.set(x, site.root);
      } else roots.add(x);
    }
    const view = op.kind === "view" ? op.view(asArg(sources[0]!), x.attrs) : undefined;
    const size = view && isPadded(view) ? PADDED : 1;
    if (op.kind !== "kernel" && !roots.has(x) && sites.fill(own, size)) roots.add(x);
    const places: readonly Site[] = roots.has(x)
      ? [{ root: x, same: true, repeated: false }]
      : anchored.has(x)
      ? [{ root: anchored.get(x)!, same: false, repeated: false }]
      : own;
    sources.forEach((arg, i) => {
      if (op.kind === "kernel") {
        const access = policy.access(op, i);
        const from = access === "any" ? arg : base(arg, access === "direct" ? "flat" : "all");
        const inMemory = !isComputed(from) || from.op.kind === "kernel";
        if (access !== "any" && !inMemory) roots.add(from);
        if (!isComputed(arg)) return;
        for (const s of places) {
          sites.need(arg, { root: s.root, same: false, repeated: access !== "any" });
        }
      } else if (!isComputed(arg)) return;
      else if (op.kind === "view") {
        const view = op.view(asArg(arg), x.attrs), flat = isFlat(view, arg.size);
        const repeats = arg.size > 1 && view.axes.some((a, d) => a.stride === 0 && x.shape[d]! > 1);
        for (const s of places) {
          sites.need(arg, {
            root: s.root,
            same: s.same && flat,
            repeated: s.repeated || repeats,
          });
        }
      } else for (const s of places) sites.need(arg, s);
    });
  }
  return { roots, anchors };
}
