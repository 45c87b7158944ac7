/**
 * The operands of the tiled product of matrices.
 *
 * @module
 */
import type { Width } from "../../wgsl/types.ts";
import type { Sizes } from "./tile.ts";

/** Where an element of an operand lies. */
export interface ElementAddress {
  /** WGSL that works it out. */
  readonly lines: readonly string[];
  /** Conditions without which it is zero. */
  readonly when: readonly string[];
  /** Its index, as `load0` or `load1` takes it. */
  readonly at: string;
}

/**
 * An operand cut into tiles: its edge is the axis of rows or columns, its depth the one that is summed
 * over. Threads fetch it four elements at a time.
 */
export interface GemmOperand {
  /** Which of the kernel's arguments it is. */
  readonly argument: 0 | 1;
  /** The axis along which elements are neighbors in memory. */
  readonly along: "edge" | "depth";
  /** 4 if four such neighbors are one load. */
  readonly width: Width;
  /** Whether the argument is read with its last two axes exchanged. */
  readonly transposed?: boolean;
  /** What is known before the first tile of an element: `edge` in the operand, `depth` in the tile. */
  setup(name: string, edge: string, depth: string): readonly string[];
  /** What all threads know of the tile at `depth0`; names begin with `name`. */
  shared?(name: string, depth0: string): readonly string[];
  /** Where the element that was set up is in the tile at `depth0`, whose shared names begin with `tile`. */
  address(name: string, tile: string, depth0: string, depth: string): ElementAddress;
}

/** A product of matrices as a kernel. */
export interface Product {
  readonly sizes: Sizes;
  /** A name for the product: what the choice of a tile may depend on. */
  readonly name: string;
  /** Its operands, for tiles of a depth. */
  operands(depth: number): readonly [a: GemmOperand, b: GemmOperand];
}
