/**
 * Runs several passes in turn, tile by tile, with values that exist only a tile at a time in the thread's
 * own memory.
 *
 * @module
 */
import type { PassFunction } from "./control_block.ts";

/** How passes run tile by tile. */
export interface Tiles {
  /** For each pass: the offset of its addresses in the task's row of the address table, and its units. */
  readonly passes: readonly TiledPass[];
  /** The words of the address table that the passes use. */
  readonly words: number;
  /** The words that are the addresses of values that exist only a tile at a time. */
  readonly kept: readonly KeptWord[];
  /** The offset in the thread's own memory of its copy of the address table. */
  readonly copy: number;
}

/** A pass that runs tile by tile. */
export interface TiledPass {
  readonly row: number;
  /** The units of a tile, and of all tiles. */
  readonly each: number;
  readonly units: number;
}

/** A word of the address table for a value that exists only a tile at a time. */
export interface KeptWord {
  readonly word: number;
  /** The offset of the value in the thread's own memory, plus that of the word in the value. */
  readonly at: number;
  /** Bytes per tile. */
  readonly bytes: number;
}

/** The words of {@linkcode encodeTiles} before those of passes and of kept words; and per entry of each. */
const HEAD = 4, ENTRY = 3;

/** Tiles as words, for workers. */
export const encodeTiles = ({ passes, words, kept, copy }: Tiles): Int32Array =>
  Int32Array.of(
    passes.length,
    kept.length,
    words,
    copy,
    ...passes.flatMap(({ row, each, units }) => [row, each, units]),
    ...kept.flatMap(({ word, at, bytes }) => [word, at, bytes]),
  );

/** The words that describe a pass to workers: module, address and length of its bytes, and pass. */
type SharedPass = readonly [module: number, address: number, bytes: number, pass: number];

/** The words of a {@linkcode SharedPass}. */
const SHARED = 4;

/** What {@linkcode encodeTiles} wrote, and the passes, as words for workers. */
export const encodeShared = (tiles: Int32Array, passes: readonly SharedPass[]): Int32Array =>
  Int32Array.of(tiles.length, ...tiles, ...passes.flat());

/** The bytes of {@linkcode encodeShared}. */
export const sharedTilesBytes = (tiles: Tiles): number =>
  4 * (1 + encodeTiles(tiles).length + SHARED * tiles.passes.length);

/** Tiles as a worker reads them from the shared memory. */
export class SharedTiles {
  readonly words: Int32Array;
  readonly passes: readonly SharedPass[];

  constructor(memory: MemoryWords, address: number) {
    const at = address >>> 2, length = memory.upTo(address + 4)[at]!, end = at + 1 + length;
    this.words = memory.upTo(4 * end).subarray(at + 1, end);
    const count = this.words[0]!, all = memory.upTo(4 * (end + SHARED * count));
    this.passes = Array.from({ length: count }, (_, i) => {
      const from = end + SHARED * i;
      return [...all.subarray(from, from + SHARED)] as unknown as SharedPass;
    });
  }
}

/** All words of a memory that grows. */
export class MemoryWords {
  readonly #memory: WebAssembly.Memory;
  #words: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer);
  }

  /** The words, at least up to an address; a thread may notice late that another has grown the memory. */
  upTo(address: number): Int32Array {
    do {
      const { buffer } = this.#memory;
      if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer);
    } while (this.#words.byteLength < address);
    return this.#words;
  }
}

/**
 * Runs some tiles.
 *
 * @param tiles What {@linkcode encodeTiles} wrote.
 * @param all All words of the memory.
 * @param table The address of the task's row of the address table.
 * @param local The address of the thread's own memory.
 * @param clock If given, it is called after each pass of each tile, with the number of the pass.
 */
export function runTiles(
  passes: readonly PassFunction[],
  tiles: Int32Array,
  all: MemoryWords,
  [table, from, to, local]: Parameters<PassFunction>,
  clock?: (pass: number) => void,
) {
  const kept = tiles[1]!, words = tiles[2]!, copy = local + tiles[3]!;
  const memory = all.upTo(Math.max(table, copy) + 4 * words),
    keptFrom = HEAD + ENTRY * passes.length;
  memory.copyWithin(copy >>> 2, table >>> 2, (table >>> 2) + words);
  for (let tile = from; tile < to; tile++) {
    // A value's address is such that its elements of this tile are in the thread's own memory.
    for (let k = keptFrom; k < keptFrom + ENTRY * kept; k += ENTRY) {
      memory[(copy >>> 2) + tiles[k]!] = local + tiles[k + 1]! - tile * tiles[k + 2]!;
    }
    for (let i = 0, k = HEAD; i < passes.length; i++, k += ENTRY) {
      const each = tiles[k + 1]!, first = tile * each;
      passes[i]!(copy + tiles[k]!, first, Math.min(first + each, tiles[k + 2]!), local);
      clock?.(i);
    }
  }
}
