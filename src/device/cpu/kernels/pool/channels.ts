/**
 * Blocks of a pixel's channels, as many vectors as registers hold.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";

/** Vectors of neighboring channels, or single channels in all lanes. */
export interface Block {
  readonly vectors: number;
  readonly width: 4 | 1;
  /** Its first channels that the block before it has too. */
  readonly repeated: number;
}

/** The most vectors of a block. */
const MOST_VECTORS = 4;

/**
 * Loops over blocks of channels, with pointers to the first channel of each, which end at the next pixel.
 * The last block ends with the last channel and may repeat some of the one before.
 */
export function overChannels(
  f: Func,
  channels: number,
  pointers: readonly Local[],
  visit: (block: Block) => void,
) {
  const advance = (by: number) => {
    for (const pointer of pointers) f.advance(pointer, 4 * by);
  };
  const block = (vectors: number, width: 4 | 1 = 4, repeated = 0) => {
    if (repeated) advance(-repeated);
    visit({ vectors, width, repeated });
    advance(width * vectors);
  };
  if (channels < 4) return block(channels, 1);
  const vectors = Math.floor(channels / 4), left = channels % 4;
  f.count(f.local("i32"), Math.floor(vectors / MOST_VECTORS), () => block(MOST_VECTORS));
  if (vectors % MOST_VECTORS) block(vectors % MOST_VECTORS);
  if (left) block(1, 4, 4 - left);
}

/** Calls `visit` with the number of each vector of a block, and its offset in bytes. */
export function eachVector(
  { vectors, width }: Block,
  visit: (v: number, offset: number) => void,
) {
  for (let v = 0; v < vectors; v++) visit(v, 4 * width * v);
}

/** Loads a vector of a block from the address on the stack. */
export const load = (f: Func, { width }: Block, offset: number): Func =>
  f.access(width === 4 ? "v128.load" : "v128.load32_splat", offset);

/** Stores the vector on the stack at the address below it. */
export const store = (f: Func, { width }: Block, offset: number): Func =>
  width === 4 ? f.access("v128.store", offset) : f.storeLane(0, offset);
