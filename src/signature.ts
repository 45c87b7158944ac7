/**
 * Texts that two graphs share exactly if one plan serves both.
 *
 * @module
 */
import type { Attrs, Op, Tensor } from "./tensor.ts";
import { showSpec } from "./spec.ts";

/** An op's constants as text. JSON alone writes infinities and NaN as null, and -0 as 0. */
export const showAttrs = (attrs: Attrs): string =>
  JSON.stringify(attrs, (_, value) => {
    if (Object.is(value, -0)) return "-0";
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });

/** An op as text: one that a program named is no other op of that name. */
const showOp = (op: Op): string => op.kind === "view" && op.custom ? `custom ${op.name}` : op.name;

/**
 * The signature of a graph.
 *
 * @param order Its tensors, arguments first.
 * @param given Those that are given as values: only shape and type count.
 * @param outputs Those that it must produce.
 */
export function signature(
  order: readonly Tensor[],
  given: readonly Tensor[],
  outputs: readonly Tensor[],
): string {
  const at = new Map(order.map((x, i) => [x, i]));
  const known = new Set(given);
  const lines = order.map((x) =>
    known.has(x)
      ? showSpec(x)
      : `${showOp(x.op)}(${x.args.map((a) => at.get(a)).join()})${showAttrs(x.attrs)}`
  );
  return `${lines.join(";")}→${outputs.map((x) => at.get(x)).join()}`;
}
