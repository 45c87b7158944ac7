/**
 * What is remembered of how a computed tensor came about.
 *
 * A runtime needs a tensor's graph no more once it has computed it; another runtime that is given the tensor
 * does. So the graph stays, with twins in place of tensors that programs refer to: those, and their elements on
 * a device, can then be collected. In a loop, where each value is made from the one before, the graph would
 * grow for ever: beyond a limit it is dropped, and only the runtime that computed the tensor can read it.
 *
 * @module
 */
import { cloneWithArgs, isStored, rewire, type Tensor } from "../tensor.ts";
import { sourcesOf } from "../graph.ts";

/** Bytes of graph and host data, added since tensors were first computed, from which a graph is dropped. */
const LIMIT = 1 << 24;
/** What a node counts. */
const NODE = 1 << 12;

/** By tensor: one that is computed alike, from nothing that any program refers to. */
const twins = new WeakMap<Tensor, Tensor>();
/** By computed tensor: what its graph counts. */
const weights = new WeakMap<Tensor, number>();
/** Host data that was counted: each is only once. */
const counted = new WeakSet<Tensor>();

/**
 * Cuts computed tensors off the tensors that they were computed from.
 *
 * @param order All that took part, arguments first.
 * @param given Those among them whose elements were there before.
 * @param computed Those that were computed.
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
 * Tensors that a program has kept since before something was computed, and still makes others from: such as the
 * parameters of a loop that reads only the loss. Their elements are worth keeping, as they will be needed again.
 *
 * @param order All that takes part, arguments first.
 * @param given Those among them whose elements are there.
 */
export function keptIntermediates(order: readonly Tensor[], given: ReadonlySet<Tensor>): Tensor[] {
  const found = new Set<Tensor>();
  for (const y of order) {
    if (given.has(y)) continue;
    for (const arg of sourcesOf(y)) {
      let x = arg;
      // What a view reads only a part of is left as it is.
      while (x.op.kind === "view" && x.size >= x.args[0]!.size && !given.has(x)) x = x.args[0]!;
      const isPart = y.op.kind === "view" && y.size < x.size;
      if (arg.epoch < y.epoch && !given.has(x) && x.args.length > 0 && !isPart) found.add(x);
    }
  }
  return [...found];
}

/** Whether a computed tensor can be computed anew. */
export const canRecompute = (x: Tensor): boolean => !isStored(x);
