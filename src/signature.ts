/**
 * Signatures of graphs: two graphs have the same one exactly if one plan can be used for both.
 *
 * @module
 */
import type { Attrs, Op, Tensor } from "./tensor.ts";
import { showSpec } from "./spec.ts";

const TEXTS = new WeakMap<Attrs, string>();

const writeAttrs = (attrs: Attrs): string =>
  JSON.stringify(attrs, (_, value) => {
    if (Object.is(value, -0)) return "-0";
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });

/**
 * An op's attributes as text, cached. Plain JSON would write infinities and NaN as null, and -0 as 0.
 */
export function showAttrs(attrs: Attrs): string {
  let text = TEXTS.get(attrs);
  if (text === undefined) TEXTS.set(attrs, text = writeAttrs(attrs));
  return text;
}

/** An op as text; a custom op differs from a built-in one of the same name. */
const showOp = (op: Op): string => op.kind === "view" && op.custom ? `custom ${op.name}` : op.name;

/**
 * The signature of a graph.
 *
 * @param order Its tensors, arguments first.
 * @param given The inputs, of which only shape and type matter.
 * @param outputs The tensors to compute.
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
