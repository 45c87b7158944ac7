/**
 * The shape of blocked matrix products: strides that are constants of the code, and extents that it may
 * compute.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";

/** The strides of a product, in bytes; those of rows, steps and panels are not negative. */
export interface ProductShape {
  readonly leftRow: number;
  readonly leftStep: number;
  /** From line to line; 0 if left out, like all strides below. */
  readonly leftLine?: number;
  /** From block of lines to block. */
  readonly leftBlock?: number;
  readonly rightStep: number;
  readonly rightLine?: number;
  readonly rightBlock?: number;
  /** From panel to panel of `panelColumns` columns; the columns of one panel are adjacent. */
  readonly rightPanel?: number;
  readonly outRow: number;
  readonly leftBatch?: number;
  readonly rightBatch?: number;
  readonly outBatch?: number;
  /** Whether to continue the sums that are stored at the result, instead of starting from zero. */
  readonly accumulates?: boolean;
}

/** A constant, or a local of the function that multiplies. */
export type Extent = number | { readonly local: Local };

/** Pushes an extent. */
export const pushExtent = (f: Func, extent: Extent): Func =>
  typeof extent === "number" ? f.i32(extent) : f.get(extent.local);

/** The extents of a product; all but the columns may be 0. */
export interface ProductExtents {
  readonly rows: Extent;
  readonly columns: number;
  /** Steps per line. */
  readonly depth: Extent;
  /** Lines per block; 1 if left out. */
  readonly lines?: Extent;
  /** 1 if left out. */
  readonly blocks?: Extent;
  /** The number of products; 1 if left out. */
  readonly batch?: Extent;
}

/** The locals that point to the operands and to the result. */
export type ProductPointers = Readonly<Record<"left" | "right" | "out", Local>>;
