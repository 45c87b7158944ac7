/**
 * The types of reductions that are split into parts.
 *
 * @module
 */
import type { KernelContext, KernelOperand, Pass } from "../../kernel.ts";
import type { Combine } from "./combine.ts";

/** Elements that are computed at once before they are reduced. */
export const CHUNK = 2048;

/** The sizes of a reduction's operand. */
export type Sizes = readonly [outer: number, n: number, inner: number];

/** A reduction in parts of the middle axis: [outer, n, inner] → [outer, parts, inner]. */
export interface Parts {
  readonly parts: number;
  /** The pass that reduces every part into a slot. */
  pass(out: number): Pass;
}

/** Splits the reduction of an operand into parts. */
export type SplitIntoParts = (
  context: KernelContext,
  source: KernelOperand,
  sizes: Sizes,
  combine: Combine,
) => Parts;
