/**
 * What a step of a plan is and how much it does, for profiles.
 *
 * @module
 */
import type { Shape } from "../shape.ts";
import { countBytes, countFlops, type Plan, type Step } from "./plan.ts";

/** One run of a kernel. */
export interface StepCost {
  /** The ops that are computed together. */
  readonly kernel: string;
  /** The shapes of a kernel's arguments and of what it makes; see {@linkcode showShapes}. */
  readonly shape: string;
  /** Floating-point operations. */
  readonly flops: number;
  /** Bytes read and written, each value once. */
  readonly bytes: number;
}

const sizes = (shape: Shape) => shape.join("×") || "1";

/** Shapes as text: `8×4×4×3, 3×3×3×16 → 8×4×4×16`; what is made alone where there are no arguments. */
export const showShapes = (args: readonly Shape[], made: Shape): string =>
  [...(args.length > 0 ? [args.map(sizes).join(", ")] : []), sizes(made)].join(" → ");

/** What a step does in one run. */
export const stepCost = (plan: Plan, step: Step): StepCost => ({
  kernel: step.label,
  shape: showShapes(
    step.kernel?.args.map(({ spec }) => spec.shape) ?? [],
    (step.kernel ?? step).spec.shape,
  ),
  flops: countFlops(step),
  bytes: countBytes(plan, step),
});
