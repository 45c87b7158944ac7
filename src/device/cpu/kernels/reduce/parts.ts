/**
 * The types of reductions that are split into parts.
 *
 * @module
 */
import type { KernelContext, KernelOperand, Pass } from "../../kernel.ts";
import type { PlainName } from "../../wasm/opcodes.ts";

/** Elements per part of a long axis. */
export const PART = 16384;
/** Elements that are computed at once before they are reduced. */
export const CHUNK = 2048;

/** The sizes of a reduction's operand. */
export type Sizes = readonly [outer: number, n: number, inner: number];

/** The combination of two vectors. */
export interface Combine {
  readonly op: PlainName;
  /** Whether results start at zero, as sums do; maxima start from the first element. */
  readonly startsAtZero: boolean;
}

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
