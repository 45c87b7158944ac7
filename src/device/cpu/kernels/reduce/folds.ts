/**
 * Folds over the middle axis of [outer, n, inner]: sums and maxima, in an order that depends on the sizes
 * alone, long axes in parts, then over the parts.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import {
  type Kernel,
  kernel,
  type KernelContext,
  type Lowered,
  type Operand,
  type Pass,
} from "../../kernel.ts";
import type { PlainName } from "../../wasm/opcodes.ts";
import { columnParts } from "./columns.ts";
import type { Combine, Sizes } from "./parts.ts";
import { rowParts } from "./rows.ts";

/** Sums. */
export const sum: Kernel = kernel(
  ["any"],
  (context) => reduce(context, { f32: "f32x4.add", i32: "i32x4.add", u32: "i32x4.add" }, true),
);

/** Maxima; NaN where one is. */
export const max: Kernel = kernel(
  ["any"],
  (context) => reduce(context, { f32: "f32x4.max", i32: "i32x4.max_s", u32: "i32x4.max_u" }, false),
);

function reduce(
  context: KernelContext,
  ops: Readonly<Record<DType, PlainName>>,
  startsAtZero: boolean,
): Lowered {
  const { args: [{ shape: [outer, n, inner], dtype }], operands: [source], out } = context;
  const combine = { op: ops[dtype], startsAtZero };
  const passes = reduceInParts(context, source, [outer, n, inner], out, combine);
  return { passes, unfinished: true };
}

/** Passes that reduce an operand into a slot: its parts, and then, if there are several, these. */
function reduceInParts(
  context: KernelContext,
  source: Operand,
  sizes: Sizes,
  out: number,
  combine: Combine,
): Pass[] {
  const [outer, , inner] = sizes, cut = inner === 1 ? rowParts : columnParts;
  const { parts, pass } = cut(context, source, sizes, combine);
  if (parts === 1) return [pass(out)];
  const partial = context.scratch(outer * parts * inner);
  const further = reduceInParts(context, inSlot(partial), [outer, parts, inner], out, combine);
  return [pass(partial), ...further];
}

const inSlot = (slot: number): Operand => ({
  slot,
  range: () => {
    throw new Error("cpu: expected an operand that is computed, found one in memory");
  },
});
