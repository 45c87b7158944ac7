/**
 * What a step stores at which addresses: one or several expressions at every index of [outer, inner], and
 * where they read the step's own kernel's result.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import { asConcatenation } from "../../plan/piecewise/concatenation.ts";
import { allStores, type Step } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";

/** The rows of a slot: element `i` of row `r` is at r · stride + offset + i. */
interface Rows {
  readonly slot: number;
  readonly stride: number;
  readonly offset: number;
}

/** An expression over [outer, inner], and the rows in which it is stored. */
export interface PlacedStore extends Rows {
  readonly expr: Expr;
}

/** The rows of a kernel's result; `offset` is that of one piece from the one before. */
export type ResultRows = Rows;

/** What a step stores for every index of [outer, inner]. */
export interface StoreLayout {
  /** The number of indices. */
  readonly size: number;
  /** Elements of a row; `size` where all rows follow each other without gaps. */
  readonly inner: number;
  readonly stores: readonly PlacedStore[];
  readonly result?: ResultRows;
}

/** The fewest elements of a piece that is stored by itself. */
const LEAST_PIECE = 4;

/** The layout of a step's stores, whose kernel leaves its result in a slot. */
export function storeLayout(step: Step, result: number | undefined): StoreLayout {
  const { kernel, region, also, store, slot } = step;
  const size = sizeOf(step.spec.shape), pieces = kernel?.pieces;
  const cut = also || region || pieces ? undefined : asConcatenation(store);
  if (cut && (kernel || cut.inner >= LEAST_PIECE)) {
    const { inner } = cut, stride = inner * cut.pieces.length;
    return {
      size: size / cut.pieces.length,
      inner,
      stores: cut.pieces.map((expr, k) => ({ expr, slot, stride, offset: k * inner })),
      ...(result !== undefined && { result: { slot: result, stride: inner, offset: 0 } }),
    };
  }
  const inner = pieces?.inner ?? region?.inner ?? size, stride = region?.stride ?? inner;
  const between = inner * (pieces?.count ?? 1);
  const rows = stride === inner && between === inner ? size : inner;
  return {
    size,
    inner: rows,
    stores: allStores(step).map(({ store, slot }) => ({ expr: store, slot, stride, offset: 0 })),
    ...(result !== undefined && { result: { slot: result, stride: between, offset: inner } }),
  };
}
