/**
 * The lineage of computed tensors: the graph by which another runtime can recompute them.
 *
 * A runtime no longer needs a tensor's graph once it has computed it, but another runtime that is given the
 * tensor does. So the graph is kept, with twins in place of the tensors that programs refer to, so that
 * those and their elements on a device can be collected. In a loop, where each value depends on the
 * previous one, the graph would grow forever: beyond a limit it is dropped, and only the runtime that
 * computed the tensor can read it.
 *
 * @module
 */
import { cloneWithArgs, isStored, rewire, type Tensor } from "../tensor.ts";
import { sourcesOf } from "../graph.ts";

/** A graph is dropped once it has grown by this many bytes of nodes and host data. */
const LIMIT = 1 << 24;
/** The bytes that a node counts as. */
const NODE = 1 << 12;

/** The twin of each tensor: the same computation, without references to the program's tensors. */
const twins = new WeakMap<Tensor, Tensor>();
/** The size of each computed tensor's graph, in bytes. */
const weights = new WeakMap<Tensor, number>();
/** Host data that is already counted. */
const counted = new WeakSet<Tensor>();

/**
 * Detaches computed tensors from the tensors that they were computed from.
 *
 * @param order All tensors, arguments first.
 * @param given Those whose elements were available before.
 * @param computed Those that were computed and stored.
 */
export function recordLineage(
  order: readonly Tensor[],
  given: ReadonlySet<Tensor>,
  computed: readonly Tensor[],
) {
  const lost = new Set<Tensor>();
  let added = 0, inherited: number | undefined;
  for (const x of order) {
    if (x.data) {
      if (!counted.has(x)) added += x.data.byteLength;
      counted.add(x);
    } else if (given.has(x)) {
      if (twins.has(x)) inherited = Math.max(inherited ?? 0, weights.get(x) ?? 0);
      else lost.add(x);
    } else {
      added += NODE;
      if (x.args.some((a) => lost.has(a))) lost.add(x);
      else if (!twins.has(x)) {
        twins.set(x, cloneWithArgs(x, x.args.map((a) => a.data ? a : twins.get(a)!)));
      }
    }
  }
  const weight = inherited === undefined ? 0 : inherited + added;
  for (const x of computed) {
    if (lost.has(x) || weight > LIMIT) {
      twins.delete(x);
      rewire(x);
    } else {
      weights.set(x, weight);
      rewire(x, twins.get(x)!.args);
    }
  }
}

/**
 * Intermediates that a program made before the last computation and still uses, such as the parameters of a
 * loop that reads only the loss. They are stored, since they will be needed again.
 *
 * @param order All tensors, arguments first.
 * @param given Those whose elements are available.
 */
export function keptIntermediates(order: readonly Tensor[], given: ReadonlySet<Tensor>): Tensor[] {
  const found = new Set<Tensor>(), under = new Map<Tensor, Tensor>();
  for (const y of order) {
    if (given.has(y)) continue;
    // A tensor of which a view reads only a part is not stored.
    const [source] = y.args;
    if (y.op.kind === "view" && y.size >= source!.size) under.set(y, under.get(source!) ?? source!);
    for (const arg of sourcesOf(y)) {
      const x = under.get(arg) ?? arg;
      const isPart = y.op.kind === "view" && y.size < x.size;
      if (arg.epoch < y.epoch && !given.has(x) && x.args.length > 0 && !isPart) found.add(x);
    }
  }
  return [...found];
}

/** Whether a computed tensor can be recomputed. */
export const canRecompute = (x: Tensor): boolean => !isStored(x);
