/**
 * From a graph to a plan.
 *
 * @module
 */
import { type Region, regionsOf } from "../ops/concat.ts";
import { isFlat } from "../shape.ts";
import { asArg } from "../spec.ts";
import type { KernelOp, MapOp, Tensor } from "../tensor.ts";
import { sourcesOf, topological } from "../graph.ts";
import { fuseElementwise } from "./fuse_elementwise.ts";
import { fuseEpilogues } from "./fuse_epilogues.ts";
import { type Materialization, materialize } from "./materialize.ts";
import { schedule } from "./schedule.ts";
import type { Expr } from "./expr.ts";
import { type Plan, type Policy, readSlots, type Slot, type Step } from "./plan.ts";
import { fuseConcat } from "./fuse_concat.ts";

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
  const given = new Set(inputs);
  const order = topological(outputs, (x) => given.has(x), sourcesOf);
  const constants = order.filter((x) => x.op.kind === "leaf" && !given.has(x));
  const forced = new Set<Tensor>();
  for (;;) {
    const placement = materialize(order, given, outputs, policy, forced);
    const built = assemble(order, inputs, constants, outputs, placement);
    const over = built.roots.filter((_, i) => readSlots(built.steps[i]!).length > policy.maxLoads);
    if (over.length === 0) {
      const plan = policy.maxBuffers ? joined(built, policy) : built;
      return { plan: { slots: plan.slots, steps: schedule(plan) }, constants };
    }
    for (const root of over) {
      for (const x of split(root, placement, given, policy.maxLoads)) forced.add(x);
    }
  }
}

/** A plan with fewer steps, of which some store several slots. */
function joined(plan: Plan, policy: Policy): Plan {
  const ended = fuseConcat(fuseEpilogues(plan, policy), policy);
  return { slots: ended.slots, steps: fuseElementwise(ended, policy) };
}

/**
 * Nodes inside a step that, stored, leave no more loads than allowed to it and to one another: from the
 * arguments up, wherever a node would need too many, the argument that takes the most out of it.
 */
function split(
  root: Tensor,
  { roots, anchors }: Materialization,
  given: ReadonlySet<Tensor>,
  maxLoads: number,
): readonly Tensor[] {
  const kernel = anchors.get(root), found: Tensor[] = [];
  /** What each node loads, and the node to store in its place; none where it needs the kernel's result. */
  const loads = new Map<Tensor, ReadonlySet<Tensor>>(), stored = new Map<Tensor, Tensor>();
  const finishing = new Set<Tensor>(kernel ? [kernel] : []);
  const inside = (x: Tensor) =>
    x === root || !(roots.has(x) || given.has(x) || x.op.kind === "leaf");
  for (const x of topological([root], (x) => !inside(x), sourcesOf)) {
    if (!inside(x)) {
      loads.set(x, new Set([x]));
      continue;
    }
    const sources = sourcesOf(x);
    const all = () => new Set(sources.flatMap((a) => [...loads.get(a)!]));
    if (sources.some((a) => finishing.has(a))) finishing.add(x);
    let own = all();
    while (own.size > maxLoads) {
      const most = sources.filter((a) => stored.has(a) && loads.get(a)!.size > 1)
        .reduce<Tensor | undefined>(
          (best, a) => best && loads.get(best)!.size >= loads.get(a)!.size ? best : a,
          undefined,
        );
      if (!most) {
        // With a result of its own, the kernel leaves everything else free to be stored.
        if (kernel) return [kernel];
        throw new RangeError(
          `plan: expected a step of at most ${maxLoads} operands, found ${own.size} in ` +
            `${x.op.name} that cannot be split`,
        );
      }
      found.push(stored.get(most)!);
      loads.set(most, new Set([stored.get(most)!]));
      own = all();
    }
    loads.set(x, own);
    if (finishing.has(x)) continue;
    if (x.op.kind === "map") stored.set(x, x);
    else if (x.op.kind === "view") {
      const below = stored.get(sources[0]!);
      if (below) stored.set(x, below);
    }
  }
  return found;
}

/** What a tensor reads as it lies, through views that cost nothing, up to one that `stop` holds of. */
function withoutFlatViews(x: Tensor, stop: (x: Tensor) => boolean): Tensor {
  while (x.op.kind === "view" && !stop(x)) {
    const source = x.args[0]!;
    if (!isFlat(x.op.view(asArg(source), x.attrs), source.size)) break;
    x = source;
  }
  return x;
}

/** The most names of a label. */
const MOST_NAMES = 128;

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(" ")
    : `${names.slice(0, MOST_NAMES / 8).join(" ")} and ${names.length - MOST_NAMES / 8} more`;

function assemble(
  order: readonly Tensor[],
  inputs: readonly Tensor[],
  constants: readonly Tensor[],
  outputs: readonly Tensor[],
  { roots, anchors }: Materialization,
): Plan & { readonly roots: readonly Tensor[] } {
  const slots: Slot[] = [], slotOf = new Map<Tensor, number>();
  const give = (x: Tensor, kind: Slot["kind"], index: number) => {
    slotOf.set(x, slots.length);
    slots.push({ kind, index, shape: x.shape, dtype: x.dtype });
  };
  inputs.forEach((x, i) => give(x, "input", i));
  constants.forEach((x, i) => give(x, "constant", i));
  outputs.forEach((x, i) => give(x, "output", i));
  const given = new Set(inputs);
  const isStep = ({ op }: Tensor) => op.kind !== "leaf" && op.kind !== "concat";
  const regions = new Map<Tensor, Region>();
  for (const x of order) {
    if (x.op.kind !== "concat" || given.has(x)) continue;
    if (!slotOf.has(x)) give(x, "temporary", slots.length);
    regionsOf(x.args, x, x.attrs.axis as number).forEach((region, i) => {
      regions.set(x.args[i]!, region);
      slotOf.set(x.args[i]!, slotOf.get(x)!);
    });
  }
  const stepped = order.filter((x) => roots.has(x) && !given.has(x) && isStep(x));
  for (const x of stepped) if (!slotOf.has(x)) give(x, "temporary", slots.length);
  const steps = stepped.map((root): Step => {
    const anchor = anchors.get(root), fused: string[] = [];
    const memo = new Map<Tensor, Expr>();
    const express = (x: Tensor): Expr => {
      let expr = memo.get(x);
      if (!expr) memo.set(x, expr = make(x));
      return expr;
    };
    const make = (at: Tensor): Expr => {
      const x = withoutFlatViews(at, (x) => slotOf.has(x) && x !== root);
      const { dtype, size, op } = x, slot = slotOf.get(x);
      if (slot !== undefined && x !== root) return { kind: "load", slot, dtype, size };
      if (op.kind === "kernel") return { kind: "result", dtype, size };
      if (x !== at) return express(x);
      if (op.kind === "view") {
        fused.push(op.name);
        const view = op.view(asArg(x.args[0]!), x.attrs);
        return { kind: "view", view, source: express(x.args[0]!), dtype, size };
      }
      if (x.args.length > 0) fused.push(op.name);
      const map = op as MapOp, value = map.value?.(x.attrs);
      if (value !== undefined) return { kind: "constant", value, dtype, size };
      return { kind: "map", op: map, attrs: x.attrs, args: x.args.map(express), dtype, size };
    };
    const kernel = root.op.kind === "kernel" ? root : anchor;
    const use = kernel && {
      op: kernel.op as KernelOp,
      attrs: kernel.attrs,
      args: kernel.args.map((x) => ({
        expr: express(x),
        spec: { shape: x.shape, dtype: x.dtype },
      })),
      spec: { shape: kernel.shape, dtype: kernel.dtype },
    };
    const before = fused.splice(0);
    const store = express(root), region = regions.get(root);
    const label = kernel
      ? [...(before.length ? [`[${listed(before)}]`] : []), kernel.op.name, listed(fused)].join(" ")
        .trim()
      : listed(fused) || "copy";
    return {
      label,
      store,
      slot: slotOf.get(root)!,
      spec: { shape: root.shape, dtype: root.dtype },
      ...(use && { kernel: use }),
      ...(region && { region }),
    };
  });
  return { slots, steps, roots: stepped };
}
