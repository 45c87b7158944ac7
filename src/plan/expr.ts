/**
 * Expressions: the intermediate representation of what a step computes per element.
 *
 * @module
 */
import type { View } from "../shape.ts";
import type { Attrs, MapOp } from "../tensor.ts";
import type { DType } from "../host_data.ts";

/** An elementwise expression over slots, evaluated at each index. Shared subexpressions are one object. */
export type Expr =
  & { readonly dtype: DType; readonly size: number }
  & (
    | { readonly kind: "load"; readonly slot: number }
    /** The result of the step's own kernel at this index; of one piece, if it has pieces. */
    | { readonly kind: "result"; readonly piece?: number }
    /** The same number at every index. */
    | { readonly kind: "constant"; readonly value: number }
    | {
      readonly kind: "map";
      readonly op: MapOp;
      readonly attrs: Attrs;
      readonly args: readonly Expr[];
    }
    | { readonly kind: "view"; readonly view: View; readonly source: Expr }
  );

/** Calls `visit` with an expression and each of its subexpressions, each once. */
export function visitExpr(root: Expr, visit: (expr: Expr) => void, seen = new Set<Expr>()) {
  if (seen.has(root)) return;
  seen.add(root);
  visit(root);
  if (root.kind === "map") { for (const arg of root.args) visitExpr(arg, visit, seen); }
  if (root.kind === "view") visitExpr(root.source, visit, seen);
}

/** Whether an expression or one of its subexpressions satisfies a condition. */
export function isWithin(root: Expr, wanted: (expr: Expr) => boolean): boolean {
  let found = false;
  visitExpr(root, (e) => found ||= wanted(e));
  return found;
}

/** A function that copies expressions with some subexpressions replaced; sharing is preserved. */
export function rewriter(replace: (expr: Expr) => Expr | undefined): (expr: Expr) => Expr {
  const known = new Map<Expr, Expr>();
  const make = (e: Expr): Expr => {
    const other = replace(e);
    if (other) return other;
    if (e.kind === "map") return { ...e, args: e.args.map(rewrite) };
    return e.kind === "view" ? { ...e, source: rewrite(e.source) } : e;
  };
  const rewrite = (e: Expr): Expr => {
    if (!known.has(e)) known.set(e, make(e));
    return known.get(e)!;
  };
  return rewrite;
}

/** The slots that expressions read, each once. */
export function loadedSlots(roots: readonly Expr[]): number[] {
  const slots = new Set<number>(), seen = new Set<Expr>();
  for (const root of roots) {
    visitExpr(root, (e) => e.kind === "load" && slots.add(e.slot), seen);
  }
  return [...slots];
}
