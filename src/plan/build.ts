/**
 * Builds a plan from a graph, pass by pass. `value_numbering` merges equal nodes, `materialize` decides which
 * values are stored, `lower` writes the steps that store them, and `split_step` splits those that read too
 * much; `fuse_epilogues`, `fuse_concat` and `fuse_elementwise` fuse steps, and `schedule` orders them. Devices continue:
 * `canonicalize` finds steps that share code, `batch_dispatches` those that run together, and
 * `buffer_assignment` memory for what they store.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";
import { fuseConcat } from "./fuse_concat.ts";
import { fuseElementwise } from "./fuse_elementwise.ts";
import { fuseEpilogues } from "./fuse_epilogues.ts";
import { type Lowered, lowerSteps } from "./lower.ts";
import { materialize } from "./materialize.ts";
import { type Plan, type Policy, readSlots } from "./plan.ts";
import { schedule } from "./schedule.ts";
import { type SourceGraph, sourceGraph } from "./source_graph.ts";
import { splitStep } from "./split_step.ts";
import { mergeEqualNodes } from "./value_numbering.ts";

/** A plan, with the host data of its constant slots. */
export interface Built {
  readonly plan: Plan;
  readonly constants: readonly Tensor[];
}

/**
 * Plans a graph.
 *
 * @param inputs Tensors given at each call, at which the graph ends.
 * @param outputs Tensors to compute, distinct, none of them an input.
 */
export function buildPlan(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  policy: Policy,
): Built {
  const graph = mergeEqualNodes(sourceGraph(inputs, outputs));
  const lowered = lowerWithinLimits(graph, policy);
  const { slots, steps } = policy.maxBuffers ? fuse(lowered, policy) : lowered;
  return { plan: { slots, steps: schedule({ slots, steps }) }, constants: graph.constants };
}

/** Lowers a graph such that no step reads more slots than a device can bind, by storing more values. */
function lowerWithinLimits(graph: SourceGraph, policy: Policy): Lowered {
  const forced = new Set<Tensor>(), { maxLoads } = policy;
  for (;;) {
    const materialization = materialize(graph, policy, forced);
    const lowered = lowerSteps(graph, materialization);
    const tooLarge = lowered.roots.filter((_, i) => readSlots(lowered.steps[i]!).length > maxLoads);
    if (tooLarge.length === 0) return lowered;
    for (const root of tooLarge) {
      for (const x of splitStep(root, materialization, graph.given, maxLoads)) forced.add(x);
    }
  }
}

/** Fuses steps; a fused step may store several slots. */
function fuse(plan: Plan, policy: Policy): Plan {
  return fuseElementwise(fuseConcat(fuseEpilogues(plan, policy), policy), policy);
}
