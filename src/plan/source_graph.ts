/**
 * The graph that a plan is built from: inputs, outputs, and all tensors between.
 *
 * @module
 */
import { sourcesOf, topological } from "../graph.ts";
import type { Tensor } from "../tensor.ts";

/** Inputs, outputs, and all tensors between. */
export interface SourceGraph {
  readonly inputs: readonly Tensor[];
  /** The inputs as a set. */
  readonly given: ReadonlySet<Tensor>;
  readonly outputs: readonly Tensor[];
  /** All tensors in topological order, from the inputs on. */
  readonly order: readonly Tensor[];
  /** Those that hold host data. */
  readonly constants: readonly Tensor[];
}

/** Walks a graph from its outputs to its inputs. */
export function sourceGraph(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): SourceGraph {
  const given = new Set(inputs);
  const order = topological(outputs, (x) => given.has(x), sourcesOf);
  const constants = order.filter((x) => x.op.kind === "leaf" && !given.has(x));
  return { inputs, given, outputs, order, constants };
}
