/**
 * Blocks of a pixel's channels, as many vectors as registers hold.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";

/** Vectors of neighboring channels, or single channels in all lanes. */
export interface Block {
  /** The offset of each vector, in bytes. */
  readonly offsets: readonly number[];
  readonly width: 4 | 1;
  /** The first channels of the last vector that the one before it has too. */
  readonly repeated: number;
}

/** The vectors of a block; the last one may have one more. */
const MOST_VECTORS = 4;

/** The block of so many channels. */
function blockOf(channels: number): Block {
  const width = channels < 4 ? 1 : 4, vectors = Math.ceil(channels / width);
  // The last vector ends with the last channel.
  const offsets = Array.from(
    { length: vectors },
    (_, v) => 4 * Math.min(width * v, channels - width),
  );
  return { offsets, width, repeated: width * vectors - channels };
}

/**
 * Loops over blocks of channels, with pointers to the first channel of each, which end at the next pixel.
 */
export function overChannels(
  f: Func,
  channels: number,
  pointers: readonly Local[],
  visit: (block: Block) => void,
) {
  const visitBlock = (channels: number) => {
    visit(blockOf(channels));
    for (const pointer of pointers) f.advance(pointer, 4 * channels);
  };
  const most = 4 * MOST_VECTORS, left = channels % most;
  // A block of one vector, or less, is part of the one before.
  const blocks = Math.floor(channels / most) - (left > 0 && left <= 4 && channels > most ? 1 : 0);
  f.count(f.local("i32"), blocks, () => visitBlock(most));
  if (channels > blocks * most) visitBlock(channels - blocks * most);
}

/** Calls `visit` with the number of each vector of a block, its offset in bytes, and its repeated lanes. */
export function eachVector(
  { offsets, repeated }: Block,
  visit: (v: number, offset: number, repeated: number) => void,
) {
  offsets.forEach((offset, v) => visit(v, offset, v === offsets.length - 1 ? repeated : 0));
}

/** Loads a vector of a block from the address on the stack. */
export const load = (f: Func, { width }: Block, offset: number): Func =>
  f.access(width === 4 ? "v128.load" : "v128.load32_splat", offset);

/** Stores the vector on the stack at the address below it. */
export const store = (f: Func, { width }: Block, offset: number): Func =>
  width === 4 ? f.access("v128.store", offset) : f.storeLane(0, offset);
