/**
 * Expressions: the intermediate representation of what a step computes for each element.
 *
 * @module
 */
import type { View } from "../shape.ts";
import type { Attrs, MapOp } from "../tensor.ts";
import type { DType } from "../host_data.ts";

/** How the element at one index is computed from elements of slots. Shared parts are one object. */
export type Expr =
  & { readonly dtype: DType; readonly size: number }
  & (
    | { readonly kind: "load"; readonly slot: number }
    /** What the step's own kernel computed at this index: of the piece of that number, where it has pieces. */
    | { readonly kind: "result"; readonly piece?: number }
    /** One number at every index. */
    | { readonly kind: "constant"; readonly value: number }
    | {
      readonly kind: "map";
      readonly op: MapOp;
      readonly attrs: Attrs;
      readonly args: readonly Expr[];
    }
    | { readonly kind: "view"; readonly view: View; readonly source: Expr }
  );

/** Calls `visit` with an expression and everything below it, each once. */
export function visitExpr(root: Expr, visit: (expr: Expr) => void, seen = new Set<Expr>()) {
  if (seen.has(root)) return;
  seen.add(root);
  visit(root);
  if (root.kind === "map") { for (const arg of root.args) visitExpr(arg, visit, seen); }
  if (root.kind === "view") visitExpr(root.source, visit, seen);
}

/** Whether some part of an expression, or it itself, is what is looked for. */
export function isWithin(root: Expr, wanted: (expr: Expr) => boolean): boolean {
  let found = false;
  visitExpr(root, (e) => found ||= wanted(e));
  return found;
}

/** Copies expressions with other parts in place of some; what two share is shared afterwards. */
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

/** The slots that an expression reads, each once. */
export function loadedSlots(roots: readonly Expr[]): number[] {
  const slots = new Set<number>(), seen = new Set<Expr>();
  for (const root of roots) {
    visitExpr(root, (e) => e.kind === "load" && slots.add(e.slot), seen);
  }
  return [...slots];
}
