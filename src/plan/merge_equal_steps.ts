/**
 * Merges steps that compute the same from the same slots, such as two means of one tensor.
 *
 * @module
 */
import { canonicalStep } from "./canonicalize.ts";
import { type Expr, rewriter } from "./expr.ts";
import { allStores, type Plan, readSlots, type Step } from "./plan.ts";

/** A step that reads other slots. */
function readInstead(step: Step, others: ReadonlyMap<number, number>): Step {
  if (!readSlots(step).some((slot) => others.has(slot))) return step;
  const rewrite = rewriter((e: Expr) => {
    const slot = e.kind === "load" ? others.get(e.slot) : undefined;
    return slot === undefined ? undefined : { ...e, slot } as Expr;
  });
  const { kernel, also } = step;
  return {
    ...step,
    store: rewrite(step.store),
    ...(also && { also: also.map((each) => ({ ...each, store: rewrite(each.store) })) }),
    ...(kernel && {
      kernel: { ...kernel, args: kernel.args.map((a) => ({ ...a, expr: rewrite(a.expr) })) },
    }),
  };
}

/** A text that is equal for two steps exactly if they compute the same from the same slots. */
function whatIsComputed(step: Step): string {
  const { key, bindings } = canonicalStep(step), own = new Set(allStores(step).map((s) => s.slot));
  const read = bindings.map(({ slot, offset }) => own.has(slot) ? "own" : `${slot}+${offset}`);
  return `${read.join()}\n${key}`;
}

/** Drops steps that store in a temporary what an earlier one stores. */
export function mergeEqualSteps<P extends Plan>(plan: P): P {
  const { slots } = plan, instead = new Map<number, number>(), known = new Map<string, number>();
  const labels = new Map<string, number>();
  for (const { label } of plan.steps) labels.set(label, (labels.get(label) ?? 0) + 1);
  const steps = plan.steps.flatMap((step): Step[] => {
    const same = readInstead(step, instead);
    if (labels.get(step.label) === 1 || step.region) return [same];
    const text = whatIsComputed(same), stored = known.get(text), { slot } = step;
    if (stored === undefined) known.set(text, slot);
    else if (slots[slot]!.kind === "temporary") {
      instead.set(slot, stored);
      return [];
    }
    return [same];
  });
  return { ...plan, steps };
}
