/**
 * Rows: the length at which all views of some expressions may be cut, if there is one.
 *
 * @module
 */
import { type Axis, isBounded, mergeAxes } from "../../plan/axes.ts";
import { type Expr, isWithin } from "../../plan/expr.ts";
import type { View } from "../../shape.ts";

/** The axes of a view, of which the innermost has the length of a row, if runs are made of rows. */
export function axesInRows(view: View, row: number | undefined): Axis[] {
  const axes = mergeAxes(view), last = axes.at(-1);
  if (row === undefined || last === undefined || last.size === row) return axes;
  return [...axes.slice(0, -1), ...cut(last, row)];
}

/** An axis as one of rows, and one within a row. */
const cut = ({ size, stride, lo, hi }: Axis, row: number): Axis[] => [
  { size: size / row, stride: stride * row, lo: lo / row, hi: hi / row, every: 1 },
  { size: row, stride, lo: 0, hi: row, every: 1 },
];

const isCutAt = (axis: Axis, row: number): boolean =>
  axis.size === row
    ? !isBounded(axis)
    : axis.every === 1 && [axis.size, axis.lo, axis.hi].every((n) => n % row === 0);

/** Whether a view reads one element, so that it needs no coordinates. */
const isOne = (view: View): boolean =>
  mergeAxes(view).every((axis) => axis.stride === 0 && !isBounded(axis));

/** Calls `visit` with the views that are read at a step's own indices. */
function visitOuterViews(e: Expr, visit: (e: Expr & { kind: "view" }) => void, seen: Set<Expr>) {
  if (seen.has(e)) return;
  seen.add(e);
  if (e.kind === "view") visit(e);
  if (e.kind === "map") { for (const arg of e.args) visitOuterViews(arg, visit, seen); }
}

/**
 * The length of rows at which all views of some expressions may be cut, and so may what is stored in rows of
 * `inner` elements; undefined if there is none, or nothing has to be cut.
 */
export function commonRow(exprs: readonly Expr[], inner: number | undefined): number | undefined {
  const innermost: Axis[] = [], lengths = inner === undefined ? [] : [inner];
  let isSimple = true;
  const seen = new Set<Expr>();
  for (const e of exprs) {
    visitOuterViews(e, ({ view, source }) => {
      isSimple &&= !isWithin(source, (e) => e.kind === "view" && !isOne(e.view));
      const axes = mergeAxes(view), last = axes.at(-1);
      if (last === undefined) return;
      innermost.push(last);
      if (axes.length > 1 && !isBounded(last)) lengths.push(last.size);
    }, seen);
  }
  if (!isSimple || lengths.length === 0) return undefined;
  const row = Math.min(...lengths);
  const fits = innermost.every((axis) => isCutAt(axis, row)) && lengths.every((n) => n % row === 0);
  return fits ? row : undefined;
}
