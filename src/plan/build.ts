/**
 * From a graph to a plan.
 *
 * @module
 */
import { isFlat } from "../shape.ts";
import { type KernelOp, sourcesOf, type Tensor, topological } from "../tensor.ts";
import { join } from "./join.ts";
import { narrow } from "./narrow.ts";
import { place, type Placement } from "./place.ts";
import { schedule } from "./schedule.ts";
import { type Expr, type Plan, type Policy, readsOf, type Slot, type Step } from "./plan.ts";
import { widen } from "./widen.ts";

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
    const placement = place(order, given, outputs, policy, forced);
    const built = assemble(order, inputs, constants, outputs, placement);
    const over = built.steps.findIndex((step) => readsOf(step).length > policy.maxLoads);
    if (over < 0) {
      const plan = policy.maxBuffers ? joined(built, policy) : built;
      return { plan: { slots: plan.slots, steps: schedule(plan) }, constants };
    }
    forced.add(split(built.roots[over], placement, given, policy.maxLoads));
  }
}

/** A plan with fewer steps, of which some store several slots. */
function joined(plan: Plan, policy: Policy): Plan {
  const ended = widen(narrow(plan, policy), policy);
  return { slots: ended.slots, steps: join(ended, policy) };
}

/** The node inside a step that, stored, takes the most loads (but no more than allowed) out of it. */
function split(
  root: Tensor,
  { roots, anchors }: Placement,
  given: ReadonlySet<Tensor>,
  maxLoads: number,
): Tensor {
  const loads = new Map<Tensor, ReadonlySet<Tensor>>();
  const inside = (x: Tensor) =>
    x === root || !(roots.has(x) || given.has(x) || x.op.kind === "leaf");
  let best: Tensor | undefined, most = 1;
  for (const x of topological([root], (x) => !inside(x), sourcesOf)) {
    const own = inside(x) ? new Set(sourcesOf(x).flatMap((a) => [...loads.get(a)!])) : new Set([x]);
    loads.set(x, own);
    const storable = x !== root && inside(x) && x.op.kind === "map" && !holds(x, anchors.get(root));
    if (storable && own.size > most && own.size <= maxLoads) {
      best = x;
      most = own.size;
    }
  }
  if (best) return best;
  throw new RangeError(
    `plan: expected a step of at most ${maxLoads} operands, found ${
      loads.get(root)!.size
    } in ${root.op.name} ` +
      "that cannot be split",
  );
}

const holds = (x: Tensor, kernel: Tensor | undefined) =>
  kernel !== undefined && topological([x], undefined, sourcesOf).includes(kernel);

function assemble(
  order: readonly Tensor[],
  inputs: readonly Tensor[],
  constants: readonly Tensor[],
  outputs: readonly Tensor[],
  { roots, anchors }: Placement,
): Plan & { readonly roots: readonly Tensor[] } {
  const slots: Slot[] = [], slotOf = new Map<Tensor, number>();
  const give = (x: Tensor, kind: Slot["kind"], index: number) => {
    slotOf.set(x, slots.length);
    slots.push({ kind, index, shape: x.shape, dtype: x.dtype });
  };
  inputs.forEach((x, i) => give(x, "input", i));
  constants.forEach((x, i) => give(x, "constant", i));
  outputs.forEach((x, i) => give(x, "output", i));
  const stepped = order.filter((x) => roots.has(x) && !inputs.includes(x) && x.op.kind !== "leaf");
  for (const x of stepped) if (!slotOf.has(x)) give(x, "temporary", slots.length);
  const steps = stepped.map((root): Step => {
    const anchor = anchors.get(root), fused: string[] = [];
    const memo = new Map<Tensor, Expr>();
    const express = (x: Tensor): Expr => {
      let expr = memo.get(x);
      if (!expr) memo.set(x, expr = make(x));
      return expr;
    };
    const make = (x: Tensor): Expr => {
      const { dtype, size, op } = x, slot = slotOf.get(x);
      if (slot !== undefined && x !== root) return { kind: "load", slot, dtype, size };
      if (op.kind === "kernel") return { kind: "result", dtype, size };
      if (op.kind === "view") {
        const view = op.view(x.args[0], x.attrs);
        if (isFlat(view, x.args[0].size)) return express(x.args[0]);
        fused.push(op.name);
        return { kind: "view", view, source: express(x.args[0]), dtype, size };
      }
      if (x.args.length > 0) fused.push(op.name);
      return { kind: "map", name: op.name, attrs: x.attrs, args: x.args.map(express), dtype, size };
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
    const store = express(root);
    const label = kernel
      ? [...(before.length ? [`[${before.join(" ")}]`] : []), kernel.op.name, ...fused].join(" ")
      : fused.join(" ") || "copy";
    return {
      label,
      store,
      slot: slotOf.get(root)!,
      spec: { shape: root.shape, dtype: root.dtype },
      ...(use && { kernel: use }),
    };
  });
  return { slots, steps, roots: stepped };
}
