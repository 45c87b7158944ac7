/**
 * Which nodes of a graph become steps of their own, and which are computed inside another.
 *
 * @module
 */
import { isFlat } from "../shape.ts";
import { sourcesOf, type Tensor } from "../tensor.ts";
import type { Policy } from "./plan.ts";

/** The tensors of a graph that get memory, and the kernels that a step ends with more ops after. */
export interface Placement {
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

/** Instructions that cost several times an addition. */
const DEAR: Readonly<Record<string, number>> = {
  exp: 8,
  log: 8,
  sqrt: 4,
  tanh: 16,
  sigmoid: 12,
  pow: 16,
  div: 4,
  remainder: 8,
  threefry: 80,
};

/** Whether computing a map again is cheaper than storing and reading it: few ops, two loads at most. */
function isCheap(x: Tensor): boolean {
  let cost = 0;
  const loads = new Set<Tensor>();
  const walk = (t: Tensor): void => {
    if (cost > 3 || loads.size > 2) return;
    if (t.op.kind === "view") return walk(t.args[0]);
    if (t.op.kind !== "map") return void (t.size > 1 && loads.add(t));
    if (t.args.length > 0) cost += DEAR[t.op.name] ?? 1;
    t.args.forEach(walk);
  };
  walk(x);
  return cost <= 3 && loads.size <= 2;
}

/** The tensor that a view reads, through flat views or all views; the tensor itself if it is none. */
function base(x: Tensor, through: "flat" | "all"): Tensor {
  while (x.op.kind === "view") {
    const source = x.args[0];
    if (through === "flat" && !isFlat(x.op.view(source, x.attrs), source.size)) return x;
    x = source;
  }
  return x;
}

/**
 * Places every node: a node is stored if it is an output, a kernel, read by a kernel that wants it in
 * memory, or needed in several places and not cheap; else it is computed inside the step that needs it.
 *
 * @param order The graph, arguments first, from `given` on.
 * @param forced Nodes to store in any case.
 */
export function place(
  order: readonly Tensor[],
  given: ReadonlySet<Tensor>,
  outputs: readonly Tensor[],
  policy: Policy,
  forced: ReadonlySet<Tensor>,
): Placement {
  const roots = new Set<Tensor>([...outputs, ...forced]);
  const anchors = new Map<Tensor, Tensor>();
  const sites = new Map<Tensor, Site[]>();
  const anchored = new Map<Tensor, Tensor>();
  const need = (x: Tensor, site: Site) => {
    const list = sites.get(x);
    if (!list) sites.set(x, [site]);
    else if (!list.some((s) => s.root === site.root && s.same && site.same)) list.push(site);
  };
  for (const x of [...order].reverse()) {
    if (given.has(x) || x.op.kind === "leaf") continue;
    const own = sites.get(x) ?? [];
    if (x.op.kind === "map" && !roots.has(x) && x.args.length > 0) {
      const one = own.every((s) => s.root === own[0].root);
      const inline = one && (own.length === 1 || own.every((s) => s.same))
        ? !own[0].repeated || isCheap(x)
        : isCheap(x);
      if (!inline) roots.add(x);
    }
    if (x.op.kind === "kernel" && !roots.has(x)) {
      const [site] = own;
      if (
        own.length === 1 && site.same && site.root.op.kind !== "kernel" && !anchors.has(site.root)
      ) {
        anchors.set(site.root, x);
        anchored.set(x, site.root);
      } else roots.add(x);
    }
    const places: readonly Site[] = roots.has(x)
      ? [{ root: x, same: true, repeated: false }]
      : anchored.has(x)
      ? [{ root: anchored.get(x)!, same: false, repeated: false }]
      : own;
    const { op } = x;
    sourcesOf(x).forEach((arg, i) => {
      if (op.kind === "kernel") {
        const access = policy.access(op, i);
        const from = access === "any" ? arg : base(arg, access === "direct" ? "flat" : "all");
        const inMemory = given.has(from) || from.op.kind === "leaf" || from.op.kind === "kernel";
        if (access !== "any" && !inMemory) roots.add(from);
        for (const s of places) {
          need(arg, { root: s.root, same: false, repeated: access !== "any" });
        }
      } else if (op.kind === "view") {
        const view = op.view(arg, x.attrs), flat = isFlat(view, arg.size);
        const repeats = arg.size > 1 && view.axes.some((a, d) => a.stride === 0 && x.shape[d] > 1);
        for (const s of places) {
          need(arg, {
            root: s.root,
            same: s.same && flat,
            repeated: s.repeated || repeats,
          });
        }
      } else for (const s of places) need(arg, s);
    });
  }
  return { roots, anchors };
}
