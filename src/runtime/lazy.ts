/**
 * The graph of lazy tensors that are computed outside any compiled function.
 *
 * @module
 */
import { topological } from "../graph.ts";
import { showSpec } from "../spec.ts";
import { isPlaceholder, type Tensor } from "../tensor.ts";
import { keptIntermediates } from "./lineage.ts";

/** What to compute for some lazy tensors. */
export interface LazyGraph {
  /** All tensors, arguments first. */
  readonly order: readonly Tensor[];
  /** Those whose elements are available. */
  readonly given: ReadonlySet<Tensor>;
  /** Those whose elements are stored: the lazy ones, and intermediates that programs still use. */
  readonly computed: readonly Tensor[];
}

/**
 * The graph of lazy tensors.
 *
 * @param isStored Whether a tensor is stored on the device.
 * @throws Error if they depend on a placeholder.
 */
export function lazyGraph(
  lazy: readonly Tensor[],
  isStored: (x: Tensor) => boolean,
): LazyGraph {
  const order = topological(lazy, isStored), open = order.find(isPlaceholder);
  if (open) {
    throw new Error(
      `expected a value, found one that depends on a placeholder, ${showSpec(open)}: ` +
        "a tensor made while jit traced a function was used outside it",
    );
  }
  const isGiven = (x: Tensor) => x.args.length === 0 && x.op.kind === "leaf" || isStored(x);
  const given = new Set(order.filter(isGiven));
  return { order, given, computed: [...new Set([...lazy, ...keptIntermediates(order, given)])] };
}
