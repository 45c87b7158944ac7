/**
 * From a graph to a plan, pass by pass: `materialize` says which values are stored, `lower` writes the steps
 * that store them, `split_step` cuts those that are too large; `fuse_epilogues`, `fuse_concat` and
 * `fuse_elementwise` make one step of several, and `schedule` puts them in order. Devices go on from there:
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

/** A plan, with the host data that its constant slots hold. */
export interface Built {
  readonly plan: Plan;
  readonly constants: readonly Tensor[];
}

/**
 * Plans a graph.
 *
 * @param inputs Tensors given at each call; the walk stops at them.
 * @param outputs Tensors to produce, each once, none of them an input.
 */
export function buildPlan(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  policy: Policy,
): Built {
  const graph = sourceGraph(inputs, outputs);
  const lowered = lowerWithinLimits(graph, policy);
  const { slots, steps } = policy.maxBuffers ? fuse(lowered, policy) : lowered;
  return { plan: { slots, steps: schedule({ slots, steps }) }, constants: graph.constants };
}

/** Steps of which none reads more than a device can bind: values are stored until that is so. */
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

/** A plan with fewer steps, of which some store several slots. */
function fuse(plan: Plan, policy: Policy): Plan {
  return fuseElementwise(fuseConcat(fuseEpilogues(plan, policy), policy), policy);
}
