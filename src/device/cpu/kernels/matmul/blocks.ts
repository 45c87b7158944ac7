/**
 * How a matrix product is split into units and blocks: which operand is read in place, and which is packed.
 *
 * @module
 */
import type { Features } from "../../features.ts";
import { panelColumns } from "../product/mod.ts";
import { type Matrices, transposed } from "./matrices.ts";

/** A product [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export interface MatrixProduct {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly left: Matrices;
  readonly right: Matrices;
  /** Whether it is the transpose of the product that is wanted, of its operands swapped and transposed. */
  readonly swapped: boolean;
}

/** The sizes of blocks. A unit computes rows by a group of columns, one block of steps after the other. */
export interface Blocks {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Where the right operand is packed in panels: nowhere, by each unit, or before. */
  readonly packing: "none" | "unit" | "before";
  /** Columns of a panel. */
  readonly panel: number;
}

/** Columns of a group that a unit packs, and steps of a block: together they take part of the L2 cache. */
const GROUP = 128, DEPTH = 256;
/** Rows from which on packing by each unit is a small part of the work. */
const MANY_ROWS = 240;
/** Rows below which the right operand is read in place. */
const FEW_ROWS = 12;
/** Steps of a block of an operand that is read in place, so that its rows are read as streams. */
const STREAMS = 16;
/** Bytes of the right operand up to which every unit reads all of it. */
const SHARED_BYTES = 1 << 20;
/** The fewest units, so that threads can share them. */
const MIN_UNITS = 16;

/**
 * Swaps the operands if that leaves the larger one in place: the left one may have any strides, the right
 * one has to have adjacent columns or is packed.
 */
export function orient(product: Omit<MatrixProduct, "swapped">): MatrixProduct {
  const { m, n, k, left, right } = product, result = m * n;
  const swaps = right.column !== 1 && n > 1 && n * k > m * k + result;
  if (!swaps) return { ...product, swapped: false };
  return {
    ...product,
    m: n,
    n: m,
    left: transposed(right),
    right: transposed(left),
    swapped: true,
  };
}

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Splits a size into the fewest parts of at most `most`, as equal as possible, in multiples of `unit`. */
const evenly = (size: number, most: number, unit: number): number =>
  Math.min(size, ceilDiv(ceilDiv(size, ceilDiv(size, most)), unit) * unit);

/** Chooses the blocks of a product. */
export function chooseBlocks({ batch, m, n, k, right }: MatrixProduct, features: Features): Blocks {
  const panel = Math.min(panelColumns(features), ceilDiv(n, 4) * 4);
  const isAdjacent = right.column === 1 || n === 1;
  if (isAdjacent && m <= FEW_ROWS) {
    const columns = evenly(n, Math.max(4 * panel, ceilDiv(n, MIN_UNITS)), panel);
    return { rows: m, columns, depth: m * n * k < 1 << 16 ? k : STREAMS, packing: "none", panel };
  }
  const depth = evenly(k, DEPTH, 4);
  if (4 * k * n <= SHARED_BYTES || k <= DEPTH) {
    const rows = evenly(m, Math.min(96, Math.max(12, ceilDiv(m * batch, MIN_UNITS))), 12);
    const packing = rows < m ? "before" : "unit";
    return { rows, columns: n, depth: packing === "unit" ? depth : k, packing, panel };
  }
  const rows = evenly(m, MANY_ROWS, 12), columns = Math.min(n, GROUP);
  const packing = isAdjacent || rows === m ? "unit" : "before";
  return { rows, columns, depth, packing, panel };
}
