/**
 * Decides which nodes of a graph are stored, each by a step of its own, and which are inlined into the
 * steps that need them.
 *
 * @module
 */
import { isFlat } from "../shape.ts";
import { asArg } from "../spec.ts";
import type { KernelOp, Tensor, ViewOp } from "../tensor.ts";
import { isPadded } from "./axes.ts";
import { PADDED } from "./limits.ts";
import type { Policy } from "./plan.ts";
import { isRepeated, type Site, Sites } from "./sites.ts";
import type { SourceGraph } from "./source_graph.ts";

/** The tensors that are stored, and the kernels that are fused with ops after them. */
export interface Materialization {
  /** Tensors that are stored: each by a step, except inputs and constants. */
  readonly roots: ReadonlySet<Tensor>;
  /** For a root that is not a kernel: the kernel whose epilogue computes it, if any. */
  readonly anchors: ReadonlyMap<Tensor, Tensor>;
}

/**
 * Decides for every node. It is stored if it is an output, a kernel, an argument that a kernel needs in
 * memory, used repeatedly and not cheap, or one too many for a step; else it is inlined where it is used.
 *
 * @param forced Nodes to store regardless.
 */
export function materialize(
  graph: SourceGraph,
  policy: Policy,
  forced: ReadonlySet<Tensor>,
): Materialization {
  const materializer = new Materializer(graph, policy, forced);
  // In reverse topological order: all uses of a node are known before it is decided.
  for (const x of graph.order.toReversed()) materializer.decide(x);
  return materializer;
}

/** The decisions so far, from the outputs backward. */
class Materializer implements Materialization {
  readonly roots: Set<Tensor>;
  readonly anchors = new Map<Tensor, Tensor>();
  readonly #given: ReadonlySet<Tensor>;
  readonly #policy: Policy;
  readonly #sites = new Sites();
  /** Parts of concatenations, which are stored without an epilogue. */
  readonly #parts = new Set<Tensor>();

  constructor({ given, outputs }: SourceGraph, policy: Policy, forced: ReadonlySet<Tensor>) {
    this.roots = new Set([...outputs, ...forced]);
    this.#given = given;
    this.#policy = policy;
  }

  /** Decides on a node, and records where it needs its arguments. */
  decide(x: Tensor) {
    const { op } = x;
    if (!this.#isComputed(x)) return;
    // A node without arguments is inlined everywhere.
    if (op.kind === "map" && x.args.length === 0) return;
    if (op.kind === "concat") return this.#storeParts(x);
    const anchoring = op.kind === "kernel" ? this.#stepToFinish(x) : undefined;
    if (anchoring) this.anchors.set(anchoring, x);
    else if (op.kind === "kernel" || !this.#isInlined(x)) this.roots.add(x);
    const sites = this.roots.has(x)
      ? [{ root: x, same: true, repeated: false }]
      : anchoring
      ? [{ root: anchoring, same: false, repeated: false }]
      : this.#sites.of(x);
    if (op.kind === "kernel") this.#needOperands(x, op, sites);
    else if (op.kind === "view") this.#needViewed(x, op, sites);
    else this.#needSame(x, sites);
  }

  #isComputed(x: Tensor): boolean {
    return !this.#given.has(x) && x.op.kind !== "leaf";
  }

  #storeParts(x: Tensor) {
    this.roots.add(x);
    for (const part of x.args) {
      this.roots.add(part);
      this.#parts.add(part);
    }
  }

  /**
   * The only root that uses a kernel's result, if it does so at the same index and has no kernel of its
   * own.
   */
  #stepToFinish(x: Tensor): Tensor | undefined {
    const [site, ...others] = this.#sites.of(x);
    if (this.roots.has(x) || !site || others.length > 0 || !site.same) return undefined;
    const { root } = site, isFree = root.op.kind !== "kernel" && !this.anchors.has(root);
    return isFree && !this.#parts.has(root) ? root : undefined;
  }

  /** Whether a map or view is inlined where it is used. */
  #isInlined(x: Tensor): boolean {
    if (this.roots.has(x)) return false;
    const sites = this.#sites.of(x);
    if (x.op.kind === "map" && isRepeated(sites) && !isCheap(x, sites)) return false;
    return !this.#sites.fill(sites, sizeInStep(x));
  }

  /** Records a kernel's uses of its arguments; some must be in memory, flat or through a view. */
  #needOperands(x: Tensor, op: KernelOp, sites: readonly Site[]) {
    x.args.forEach((arg, i) => {
      const access = this.#policy.access(op, i), isReread = access !== "any";
      if (isReread) this.#store(base(arg, access === "direct" ? "flat" : "all"));
      if (!this.#isComputed(arg)) return;
      for (const { root } of sites) {
        this.#sites.need(arg, { root, same: false, repeated: isReread });
      }
    });
  }

  /** Stores a node unless it is given, or is a kernel, which is decided at its own turn. */
  #store(x: Tensor) {
    if (this.#isComputed(x) && x.op.kind !== "kernel") this.roots.add(x);
  }

  /** Records a view's use of its source: elements in another order, perhaps repeated. */
  #needViewed(x: Tensor, op: ViewOp, sites: readonly Site[]) {
    const source = x.args[0]!;
    if (!this.#isComputed(source)) return;
    const view = op.view(asArg(source), x.attrs), flat = isFlat(view, source.size);
    const repeats = source.size > 1 &&
      view.axes.some((axis, d) => axis.stride === 0 && x.shape[d]! > 1);
    for (const { root, same, repeated } of sites) {
      this.#sites.need(source, { root, same: same && flat, repeated: repeated || repeats });
    }
  }

  /** Records a map's uses of its arguments, at its own index. */
  #needSame(x: Tensor, sites: readonly Site[]) {
    for (const arg of x.args) {
      if (this.#isComputed(arg)) { for (const site of sites) this.#sites.need(arg, site); }
    }
  }
}

/** How many times smaller than a map a value is that costs nothing beside: it is loaded or made once a row. */
const SMALLER = 8;

/** The cost up to which an element is recomputed: for each of many elements, or in a few steps. */
const CHEAP = { often: 3, seldom: 6 };

/**
 * Whether recomputing a map is cheaper than storing and loading it: few ops, and at most two loads, or one
 * beside more ops.
 */
function isCheap(x: Tensor, sites: readonly Site[]): boolean {
  const loads = new Set<Tensor>(), left = [x];
  let cost = 0;
  const isOften = sites.some(({ repeated }) => repeated);
  const isWithin = () => {
    const most = isOften || loads.size > 1 ? CHEAP.often : CHEAP.seldom;
    return loads.size <= 2 && cost <= most;
  };
  for (let t = left.pop(); t && isWithin(); t = left.pop()) {
    t = base(t, "all");
    if (t.size * SMALLER <= x.size) continue;
    if (t.op.kind !== "map") {
      if (t.size > 1) loads.add(t);
      continue;
    }
    if (t.args.length > 0) cost += t.op.cost ?? 1;
    left.push(...t.args);
  }
  return isWithin();
}

/** The weight of a node in the step that computes it. */
function sizeInStep({ op, args, attrs }: Tensor): number {
  const isBranch = op.kind === "view" && isPadded(op.view(asArg(args[0]!), attrs));
  return isBranch ? PADDED : 1;
}

/** The tensor under flat views or under all views; the tensor itself if it is no view. */
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
