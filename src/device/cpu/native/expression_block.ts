/**
 * The arguments of native expressions, as 32-bit words in the block that all native code shares: where the
 * code is, elements of a row and rows, pointers and indices, and vectors of which all lanes are equal.
 *
 * @module
 */
import { BLOCK_BYTES, offsetOf } from "./argument_block.ts";

/** The offsets of the words of a call, and of variables. */
export const EXPRESSION = { code: 0, count: 4, rows: 8, whole: 12, stack: 16 } as const;

const POINTERS = 24, SAME = offsetOf("routine") + 8;

/** The most pointers and indices, and the most equal lanes. */
export const MOST_POINTERS = (offsetOf("routine") - POINTERS) / 4;
export const MOST_SAME = (BLOCK_BYTES - SAME) / 4;

/** The offset of a pointer or index, and of what all lanes of a vector are. */
export const pointerOffset = (number: number): number => POINTERS + 4 * number;
export const sameOffset = (number: number): number => SAME + 4 * number;
