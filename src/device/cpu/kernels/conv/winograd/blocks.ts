/**
 * Splits images into the blocks of Winograd's algorithms, and those into ranges that are worked on together.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { Algorithm } from "./algorithm.ts";

/** The target number of ranges per batch, so that threads can share a few images too. */
const MIN_RANGES = 8;

/** The blocks of a batch's images, and their division into ranges. */
export interface Blocks {
  readonly algorithm: Algorithm;
  readonly batch: number;
  /** Blocks of an image along its axes. */
  readonly across: number;
  readonly down: number;
  /** The outputs in an image's last row and last column of blocks; their other outputs overhang the image. */
  readonly lastHeight: number;
  readonly lastWidth: number;
  /** Images of a range, fewer in the last one. More than 1 only if `bands` is 1. */
  readonly images: number;
  /** Rows of blocks of a range, fewer in an image's last one. */
  readonly rows: number;
  /** Ranges of an image. */
  readonly bands: number;
  readonly ranges: number;
  /** The most blocks of a range, and the blocks of the batch. */
  readonly capacity: number;
  readonly total: number;
}

/** Splits the results of a convolution into blocks, about `aim` per range. */
export function splitIntoBlocks(g: ConvGeometry, algorithm: Algorithm, aim: number): Blocks {
  const { batch } = g, { y, x } = algorithm;
  const across = Math.ceil(g.x.out / x.tile), down = Math.ceil(g.y.out / y.tile);
  const most = Math.max(1, Math.floor(aim / (across * down)));
  const images = Math.min(most, Math.max(1, Math.floor(batch / MIN_RANGES)));
  const shares = Math.min(down, Math.ceil(MIN_RANGES / batch));
  const fit = Math.max(1, Math.floor(aim / across));
  const count = images > 1 ? 1 : Math.max(shares, Math.ceil(down / fit));
  const rows = Math.ceil(down / count), bands = Math.ceil(down / rows);
  return {
    algorithm,
    batch,
    across,
    down,
    lastHeight: g.y.out - (down - 1) * y.tile,
    lastWidth: g.x.out - (across - 1) * x.tile,
    images,
    rows,
    bands,
    ranges: Math.ceil(batch / images) * bands,
    capacity: images * rows * across,
    total: batch * down * across,
  };
}

/** The locals that describe a range of blocks. */
export type BlockRange = Readonly<Record<"image" | "end" | "first" | "rows" | "count", Local>>;

/** Declares the locals of a range. */
export function blockRange(f: Func): BlockRange {
  const [image, end, first, rows, count] = f.locals("i32", 5);
  return { image, end, first, rows, count };
}

/** Sets a range's first image and one past its last, its first row of blocks, its rows, and its blocks. */
export function setRange(f: Func, b: Blocks, index: Local, r: BlockRange) {
  f.get(index).i32(b.bands).op("i32.div_u").times(b.images).tee(r.image).plus(b.images).set(r.end);
  f.atMost(r.end, b.batch);
  f.get(index).i32(b.bands).op("i32.rem_u").times(b.rows).tee(r.first).plus(b.rows).set(r.rows);
  f.atMost(r.rows, b.down);
  f.get(r.rows, r.first).op("i32.sub").tee(r.rows);
  f.get(r.end, r.image).op("i32.sub", "i32.mul").times(b.across).set(r.count);
}

/** Pushes the number of blocks before a range. */
export const pushBlocksBefore = (f: Func, { down, across }: Blocks, r: BlockRange): Func =>
  f.get(r.image).times(down).get(r.first).op("i32.add").times(across);

/** Runs `body` for each image of a range. */
export function eachImage(f: Func, range: BlockRange, body: (image: Local) => void) {
  const image = f.local("i32");
  f.get(range.image).set(image);
  f.while(image, range.end, 1, () => body(image));
}

/** A pointer that moves from block to block: bytes to the next row of blocks, and to the next block of a row. */
export interface BlockPointer {
  readonly pointer: Local;
  readonly line: number;
  readonly block: number;
}

/** Runs `body` for each block of a number of rows, in order, advancing the given pointers. */
export function eachBlock(
  f: Func,
  { across }: Blocks,
  rows: Local,
  pointers: readonly BlockPointer[],
  body: (row: Local, column: Local) => void,
) {
  const [row, column] = f.locals("i32", 2);
  f.i32(0).set(row);
  f.while(row, rows, 1, () => {
    f.count(column, across, () => {
      body(row, column);
      for (const p of pointers) f.advance(p.pointer, p.block);
    });
    for (const p of pointers) f.advance(p.pointer, p.line - across * p.block);
  });
}

/** Pushes a block's row and column in its image. */
export type BlockPlace = Readonly<Record<"row" | "column", () => void>>;

/**
 * Emits `body` for each size of blocks, and runs that of the block at a row and a column of its image: the
 * last ones along an axis may overhang the image.
 */
export function bySize(
  f: Func,
  { algorithm: { y, x }, down, across, lastHeight, lastWidth }: Blocks,
  { row, column }: BlockPlace,
  body: (height: number, width: number) => void,
) {
  const along = (
    at: () => void,
    blocks: number,
    tile: number,
    last: number,
    body: (size: number) => void,
  ) => {
    if (last === tile) return body(tile);
    if (blocks === 1) return body(last);
    f.block(() => {
      at();
      f.i32(blocks - 1).op("i32.eq").when(() => {
        body(last);
        f.exit(1);
      });
      body(tile);
    });
  };
  along(row, down, y.tile, lastHeight, (height) => {
    along(column, across, x.tile, lastWidth, (width) => body(height, width));
  });
}
