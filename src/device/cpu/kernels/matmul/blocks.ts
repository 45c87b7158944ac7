/**
 * How a matrix product is split into units and blocks: which operand is read in place, and which is packed.
 *
 * @module
 */
import type { Features } from "../../features.ts";
import { VECTOR_SETS } from "../../native/mod.ts";
import { tileRows } from "../../native/product_tile.ts";
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

/** Steps of a block, so that what a unit reads of both operands stays in the L2 cache. */
const DEPTH = 256;
/** Rows of a full tile of native code. */
const TILE = 12;
/** The most rows of a block, if a unit has all columns, or a group of them. */
const ROWS = 96, GROUP_ROWS = 240;
/** The most columns of a group that is read in place, and of one that a unit packs. */
const GROUP = 512, PACKED_GROUP = 128;
/** The fewest units, so that threads can share them, and panels of a group. */
const MIN_UNITS = 8, MIN_PANELS = 4;
/** Tiles of rows up to which native code reads the right operand in place, and steps of a block of very few rows. */
const FEW_TILES = 16, STREAMS = 64;
/** Bytes of the right operand that stay in the L2 cache. */
const L2_BYTES = 1 << 19;
/** Bytes of the right operand up to which it is read for every block of rows. */
const SHARED_BYTES = 1 << 23;

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

/** Rows up to which the right operand is read in place. */
const fewRows = ({ native }: Features): number =>
  native ? FEW_TILES * tileRows(VECTOR_SETS[native]) : TILE;

/** Chooses the blocks of a product. */
export function chooseBlocks(product: MatrixProduct, features: Features): Blocks {
  const { batch, m, n, k, right } = product;
  const panel = Math.min(panelColumns(features), ceilDiv(n, 4) * 4);
  const depth = n <= panel ? k : evenly(k, DEPTH, 4), isAdjacent = right.column === 1 || n === 1;
  // Native code fetches the next panel ahead, so that a row need not be read as a whole.
  const few = fewRows(features), inPlace = isAdjacent && (m <= few || n === 1);
  const most = inPlace ? GROUP : PACKED_GROUP;
  const columns = evenly(
    n,
    Math.min(most, Math.max(MIN_PANELS * panel, ceilDiv(n, MIN_UNITS))),
    panel,
  );
  if (splitsByRows(product, columns)) {
    const least = 4 * k * n <= L2_BYTES ? TILE : 2 * TILE;
    const rows = evenly(
      m,
      Math.min(ROWS, Math.max(least, ceilDiv(m * batch, 2 * MIN_UNITS))),
      TILE,
    );
    const packing = inPlace ? "none" : rows < m ? "before" : "unit";
    return { rows, columns: n, depth, packing, panel };
  }
  const parts = ceilDiv(MIN_UNITS, batch * ceilDiv(n, columns));
  const rows = evenly(m, Math.min(GROUP_ROWS, Math.max(4 * TILE, ceilDiv(m, parts))), TILE);
  const packing = inPlace ? "none" : isAdjacent || rows === m ? "unit" : "before";
  return {
    rows,
    columns,
    depth: inPlace && m <= TILE ? evenly(k, STREAMS, 4) : depth,
    packing,
    panel,
  };
}

/** Whether units have all columns, instead of groups of so many: their rows of the result are whole. */
function splitsByRows({ batch, m, n, k }: MatrixProduct, columns: number): boolean {
  const units = batch * ceilDiv(m, ROWS), groups = batch * ceilDiv(n, columns);
  if (groups === batch || units >= MIN_UNITS && 4 * k * n <= SHARED_BYTES) return true;
  return k <= DEPTH && batch * ceilDiv(m, TILE) >= MIN_UNITS;
}
