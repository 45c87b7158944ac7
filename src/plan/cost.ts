/**
 * The cost of a plan's steps in flops and bytes, for profiles and `explain`.
 *
 * @module
 */
import { type Shape, sizeOf } from "../shape.ts";
import { asArg, asArgs } from "../spec.ts";
import { type Expr, visitExpr } from "./expr.ts";
import { allStores, type Plan, readSlots, type Step } from "./plan.ts";

/** The bytes that a step at least reads and writes. */
export const countBytes = (plan: Plan, step: Step): number =>
  4 * (sizeOf(step.spec.shape) * allStores(step).length +
    readSlots(step).reduce((sum, s) => sum + sizeOf(plan.slots[s]!.shape), 0));

/** The floating-point operations of a step: its kernel's, and one per element of each fused f32 instruction. */
export const countFlops = (step: Step): number =>
  count(step, ({ dtype }) => dtype === "f32" ? 1 : 0);

/** The work of a step in additions, about: its kernel's flops, and the cost of each fused instruction. */
export const countWork = (step: Step): number => count(step, ({ op }) => op.cost ?? 1);

/** A kernel's flops, and a number per element of each fused instruction. */
function count(step: Step, weigh: (e: Expr & { kind: "map" }) => number): number {
  const { kernel } = step;
  const inExpressions = (roots: readonly Expr[]) => {
    let total = 0;
    const seen = new Set<Expr>();
    for (const root of roots) {
      visitExpr(root, (e) => {
        if (e.kind === "map" && e.args.length > 0) total += e.size * weigh(e);
      }, seen);
    }
    return total;
  };
  const inner = kernel
    ? kernel.op.flops(
      asArgs(kernel.args.map((a) => a.spec)),
      asArg(kernel.spec),
      kernel.attrs,
    ) +
      kernel.args.reduce((sum, a) => sum + inExpressions([a.expr]), 0)
    : 0;
  return inner + inExpressions(allStores(step).map(({ store }) => store));
}

/** One run of a kernel. */
export interface StepCost {
  /** The fused ops. */
  readonly kernel: string;
  /** The shapes of the kernel's arguments and result; see {@linkcode showShapes}. */
  readonly shape: string;
  /** Floating-point operations. */
  readonly flops: number;
  /** Bytes read and written, each slot once. */
  readonly bytes: number;
}

const sizes = (shape: Shape) => shape.join("×") || "1";

/** Shapes as text: `8×4×4×3, 3×3×3×16 → 8×4×4×16`; without arguments the result's alone. */
export const showShapes = (args: readonly Shape[], made: Shape): string =>
  [...(args.length > 0 ? [args.map(sizes).join(", ")] : []), sizes(made)].join(" → ");

/** The cost of one run of a step. */
export const stepCost = (plan: Plan, step: Step): StepCost => ({
  kernel: step.label,
  shape: showShapes(
    step.kernel?.args.map(({ spec }) => spec.shape) ?? [],
    (step.kernel ?? step).spec.shape,
  ),
  flops: countFlops(step),
  bytes: countBytes(plan, step),
});
