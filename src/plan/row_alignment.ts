/**
 * Alignment of steps on rows: whether an expression reads, for elements of one row, only elements of the
 * same row of what it reads.
 *
 * @module
 */
import type { View } from "../shape.ts";
import { isBounded, mergeAxes } from "./axes.ts";
import { type Expr, isWithin } from "./expr.ts";

/**
 * Whether an expression, split into equal rows, reads some slots only in the same row.
 *
 * @param sizeOf The elements of a slot for which that matters; undefined for other slots.
 */
export function readsWithinRows(
  root: Expr,
  rows: number,
  sizeOf: (slot: number) => number | undefined,
): boolean {
  const matters = (e: Expr) =>
    isWithin(e, (part) => part.kind === "load" && sizeOf(part.slot) !== undefined);
  const known = new Map<Expr, boolean>();
  const find = (e: Expr): boolean => {
    switch (e.kind) {
      case "load":
        return sizeOf(e.slot) === undefined || (e.size === sizeOf(e.slot) && e.size % rows === 0);
      case "map":
        return e.args.every(isAligned);
      case "view":
        return !matters(e.source) ||
          (keepsRows(e.view, e.source.size, rows) && isAligned(e.source));
      default:
        return true;
    }
  };
  const isAligned = (e: Expr): boolean => {
    if (!known.has(e)) known.set(e, find(e));
    return known.get(e)!;
  };
  return isAligned(root);
}

/** Whether a view reads, for elements of one of its rows, only elements of the same row of its source. */
export function keepsRows(view: View, source: number, rows: number): boolean {
  if (source % rows !== 0) return false;
  const width = source / rows;
  let left = rows, reach = view.offset;
  for (const axis of mergeAxes(view)) {
    const { size, stride, lo, hi, every } = axis;
    if (left === 1) {
      reach += Math.max(0, Math.floor((hi - lo - 1) / every)) * stride;
      continue;
    }
    if (isBounded(axis) || (left % size !== 0 && size % left !== 0)) return false;
    const inner = Math.max(1, size / left);
    left = Math.max(1, left / size);
    if (stride * inner !== width * left) return false;
    reach += (inner - 1) * stride;
  }
  return left === 1 && reach < width;
}
