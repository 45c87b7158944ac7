/**
 * Fuses a kernel with the concatenation of pieces computed from its result, such as the gradients of
 * maxout's pieces.
 *
 * @module
 */
import { asConcatenation } from "./piecewise/concatenation.ts";
import { type Expr, isWithin, rewriter } from "./expr.ts";
import { isBindable } from "./limits.ts";
import { type Plan, type Policy, readSlots, type Step } from "./plan.ts";

/** Fuses a kernel's step with the only step that reads its result; undefined where that is not possible. */
function fusePieces(step: Step, reader: Step, policy: Policy): Step | undefined {
  const { slot } = step, cut = asConcatenation(reader.store);
  const isOwn = (e: Expr) => e.kind === "load" && e.slot === slot;
  const elsewhere = (e: Expr) => e.kind === "view" && isWithin(e.source, isOwn);
  if (!cut || cut.pieces[0]!.size !== step.store.size) return undefined;
  if (cut.pieces.some((piece) => isWithin(piece, elsewhere))) return undefined;
  const rewrite = rewriter((e) =>
    isOwn(e) ? { kind: "result", dtype: e.dtype, size: e.size } : undefined
  );
  const both: Step = {
    ...reader,
    label: `${step.label} ${reader.label}`,
    store: rewrite(reader.store),
    kernel: step.kernel!,
  };
  return isBindable(both, policy) ? both : undefined;
}

/** Whether a step is a kernel that stores its unmodified result. */
const storesResult = ({ kernel, store, also }: Step): boolean =>
  kernel !== undefined && !kernel.pieces && !also && store.kind === "result";

/** Whether a step is elementwise and stores one whole slot. */
const isElementwise = ({ kernel, also, region }: Step): boolean => !kernel && !also && !region;

/** Fuses kernels with the only reader of their result, where that is an elementwise step storing pieces. */
export function fuseConcat({ slots, steps }: Plan, policy: Policy): Plan {
  const readers = slots.map(() => [] as Step[]);
  for (const step of steps) for (const slot of readSlots(step)) readers[slot]!.push(step);
  const gone = new Set<Step>(), replaced = new Map<Step, Step>();
  for (const step of steps) {
    const [reader, ...others] = readers[step.slot]!;
    if (!storesResult(step) || slots[step.slot]!.kind !== "temporary") continue;
    if (!reader || others.length > 0 || !isElementwise(reader) || replaced.has(reader)) continue;
    const both = fusePieces(step, reader, policy);
    if (!both) continue;
    gone.add(step);
    replaced.set(reader, both);
  }
  return { slots, steps: steps.flatMap((s) => gone.has(s) ? [] : [replaced.get(s) ?? s]) };
}
