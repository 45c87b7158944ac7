/**
 * What a reduction is cut into.
 *
 * @module
 */
import type { KernelContext, Operand, Pass } from "../../kernel.ts";
import type { PlainName } from "../../wasm/opcodes.ts";

/** Elements of a part of a long axis. */
export const PART = 16384;
/** Elements that are computed before they are reduced. */
export const CHUNK = 2048;

/** The sizes of what is reduced. */
export type Sizes = readonly [outer: number, n: number, inner: number];

/** How two vectors become one. */
export interface Combine {
  readonly op: PlainName;
  /** Whether results start at zero, as sums do; maxima start from the first element. */
  readonly startsAtZero: boolean;
}

/** A reduction of parts of the middle axis: [outer, n, inner] → [outer, parts, inner]. */
export interface Parts {
  readonly parts: number;
  /** The pass that reduces every part into a slot. */
  pass(out: number): Pass;
}

/** Cuts the reduction of an operand into parts. */
export type CutIntoParts = (
  context: KernelContext,
  source: Operand,
  sizes: Sizes,
  combine: Combine,
) => Parts;
