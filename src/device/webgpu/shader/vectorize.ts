/**
 * Which expressions can be computed and stored four elements at a time.
 *
 * @module
 */
import { isBounded, mergeAxes } from "../../../plan/axes.ts";
import type { Expr } from "../../../plan/expr.ts";
import type { View } from "../../../shape.ts";

/** How a view reads four consecutive elements: as one vector, as one broadcast element, or separately. */
export type AccessWidth = "vector" | "splat" | "scalar";

/** The access width of a view. */
export function accessWidth(view: View, source: Expr): AccessWidth {
  const axes = mergeAxes(view), last = axes.at(-1);
  if (!last) return "splat";
  if (last.stride === 0 && !isBounded(last) && last.size % 4 === 0) return "splat";
  const aligned = last.stride === 1 && last.every === 1 &&
    [last.size, last.lo, last.hi, view.offset, source.size].every((n) => n % 4 === 0) &&
    axes.slice(0, -1).every((a) => a.stride % 4 === 0);
  return aligned ? "vector" : "scalar";
}

/** Whether the subexpressions can be computed four elements at a time without much repeated work. */
function hasVectorParts(e: Expr, seen: Set<Expr>): boolean {
  if (seen.has(e)) return true;
  seen.add(e);
  switch (e.kind) {
    case "load":
    case "result":
      return e.size % 4 === 0;
    case "constant":
      return true;
    case "map":
      return e.args.every((arg) => hasVectorParts(arg, seen));
    case "view": {
      const width = accessWidth(e.view, e.source);
      return width === "splat" ||
        (width === "vector" ? hasVectorParts(e.source, seen) : e.source.kind === "load");
    }
  }
}

/** Whether an expression can be computed, and stored, four elements at a time. */
export const isVectorizable = (expr: Expr): boolean =>
  expr.size % 4 === 0 && hasVectorParts(expr, new Set());
