/**
 * The operand interface of the tiled matrix product.
 *
 * @module
 */
import type { Width } from "../../wgsl/types.ts";
import type { Sizes } from "./tile.ts";

/** The address of an element of an operand. */
export interface ElementAddress {
  /** WGSL statements that compute it. */
  readonly lines: readonly string[];
  /** Conditions; where one is false, the element is zero. */
  readonly when: readonly string[];
  /** Its index, as `load0` or `load1` takes it. */
  readonly at: string;
}

/**
 * An operand split into tiles: its edge is the axis of rows or columns, its depth the contracted axis.
 * Threads fetch it four elements at a time.
 */
export interface GemmOperand {
  /** Which of the kernel's arguments it is. */
  readonly argument: 0 | 1;
  /** The axis that is contiguous in memory. */
  readonly along: "edge" | "depth";
  /** 4 if four contiguous elements can be loaded as a vector. */
  readonly width: Width;
  /** Whether the argument is read with its last two axes transposed. */
  readonly transposed?: boolean;
  /** WGSL before the first tile for an element at `edge` in the operand and `depth` in the tile. */
  setup(name: string, edge: string, depth: string): readonly string[];
  /** WGSL that all threads share for the tile at `depth0`; its variables are prefixed with `name`. */
  shared?(name: string, depth0: string): readonly string[];
  /** The address of the element that was set up, in the tile at `depth0` with the shared prefix `tile`. */
  address(name: string, tile: string, depth0: string, depth: string): ElementAddress;
}

/** Where a product's results are stored, if not row by row, matrix by matrix. */
export interface ResultLayout {
  /** Elements from one row to the next: those of a row of all matrices, which lie beside each other. */
  readonly stride: number;
  /** WGSL of the row of the result for a row of the product; that row itself if left out. */
  row?(row: string): string;
}

/** A matrix product to be computed by a kernel. */
export interface Product {
  /** Its sizes; with a depth of zero the result is zeros. */
  readonly sizes: Sizes;
  readonly result?: ResultLayout;
  /** The key under which the choice of a tile is cached. */
  readonly name: string;
  /** Its operands, for tiles of a given depth. */
  operands(depth: number): readonly [a: GemmOperand, b: GemmOperand];
}
