/**
 * How images are cut into the blocks of Winograd's algorithms, and what lies where.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type KernelContext, LOCAL, type Operand, TABLE } from "../../../kernel.ts";
import type { Bands } from "../bands.ts";
import { type BandAt, layoutBytes, layoutFunction, liesReady, pointInPlace } from "../layout.ts";
import { ROWS } from "../../register_tile.ts";
import type { Algorithm } from "./algorithm.ts";

/** Units in a batch that are aimed at, so that threads can share few images as well. */
const MIN_UNITS = 8;

/** Blocks of the images of a batch, and the units of work that they make. */
export interface Blocks {
  readonly algorithm: Algorithm;
  readonly batch: number;
  /** Blocks of an image along its axes. */
  readonly across: number;
  readonly down: number;
  /** Outputs of an image in its last row and in its last column of blocks; others overhang it. */
  readonly lastHeight: number;
  readonly lastWidth: number;
  /** Images of a unit, fewer in the last one. More than 1 only if `bands` is 1. */
  readonly images: number;
  /** Rows of blocks of a unit, fewer in an image's last one. */
  readonly rows: number;
  /** Units of an image. */
  readonly bands: number;
  readonly units: number;
  /** Room for a unit's blocks, in whole tiles of rows. */
  readonly capacity: number;
}

/** Cuts the results of a convolution into blocks, about `aim` of them to a unit. */
export function cutIntoBlocks(g: ConvGeometry, algorithm: Algorithm, aim: number): Blocks {
  const { batch } = g, { tile } = algorithm;
  const across = Math.ceil(g.x.out / tile), down = Math.ceil(g.y.out / tile);
  const most = Math.max(1, Math.floor(aim / (across * down)));
  const images = Math.min(most, Math.max(1, Math.floor(batch / MIN_UNITS)));
  const shares = Math.min(down, Math.ceil(MIN_UNITS / batch));
  const fit = Math.max(1, Math.floor(aim / across));
  const count = images > 1 ? 1 : Math.max(shares, Math.ceil(down / fit));
  const rows = Math.ceil(down / count), bands = Math.ceil(down / rows);
  return {
    algorithm,
    batch,
    across,
    down,
    lastHeight: g.y.out - (down - 1) * tile,
    lastWidth: g.x.out - (across - 1) * tile,
    images,
    rows,
    bands,
    units: Math.ceil(batch / images) * bands,
    capacity: Math.ceil(images * rows * across / ROWS) * ROWS,
  };
}

/** Bytes from one matrix to the next; powers of two would all fall into the same lines of a cache. */
export const paddedStride = (bytes: number): number => bytes % 512 === 0 ? bytes + 64 : bytes;

/** Variables that say which blocks a unit has. */
export type UnitRange = Readonly<Record<"image" | "end" | "first" | "rows" | "count", Local>>;

/** Sets a unit's first image and the one after its last, its first row of blocks, rows, and blocks. */
export function setRange(f: Func, b: Blocks, unit: Local, r: UnitRange) {
  f.get(unit).i32(b.bands).op("i32.div_u").times(b.images).tee(r.image).plus(b.images).set(r.end);
  f.atMost(r.end, b.batch);
  f.get(unit).i32(b.bands).op("i32.rem_u").times(b.rows).tee(r.first).plus(b.rows).set(r.rows);
  f.atMost(r.rows, b.down);
  f.get(r.rows, r.first).op("i32.sub").tee(r.rows);
  f.get(r.end, r.image).op("i32.sub", "i32.mul").times(b.across).set(r.count);
}

/** How a thread reads images as blocks: with their padding, and zeros up to whole blocks. */
export interface BlockReader {
  /** Bytes from pixel to pixel and from row to row. */
  readonly pixel: number;
  readonly row: number;
  /** Bytes of the thread's scratch memory, from the start that was given, in which images are laid out. */
  readonly bytes: number;
  /** Sets `pointer` to where an image's rows of blocks from `first` on lie. */
  point(f: Func, at: BandAt): void;
}

/**
 * A reader of an operand's blocks.
 *
 * @param reach Pixels by which a block's inputs are wider than its outputs.
 * @param start Where the thread's scratch memory for it begins, in bytes.
 */
export function blockReader(
  context: KernelContext,
  g: ConvGeometry,
  b: Blocks,
  operand: Operand,
  reach: number,
  start: number,
): BlockReader {
  const { tile } = b.algorithm, whole = wholeBlocks(g, b, reach);
  const pixel = 4 * g.groupIn, row = pixel * (whole.x.out + reach);
  const bytes = row * (b.rows * tile + reach);
  const bands: Bands = { rows: b.rows * tile, count: b.bands, pixel, row, group: bytes, bytes };
  const firstRow = (f: Func, first: Local): Local => {
    const from = f.local("i32");
    f.get(first).times(tile).set(from);
    return from;
  };
  if (liesReady(whole, operand) && whole.y.out + reach <= g.y.size) {
    return {
      pixel,
      row,
      bytes: 0,
      point: (f, { image, first, pointer }) =>
        pointInPlace(f, whole, bands, operand, { image, first: firstRow(f, first), pointer }),
    };
  }
  const layout = layoutFunction(context, whole, bands, operand);
  return {
    pixel,
    row,
    bytes: Math.ceil(layoutBytes(whole, bands) / 64) * 64,
    point(f, { image, first, rows, pointer }) {
      const from = firstRow(f, first);
      f.get(LOCAL).plus(start).set(pointer);
      f.get(TABLE, pointer, image, from).get(rows).times(tile).plus(reach).call(layout);
    },
  };
}

/** The geometry of a convolution whose windows are as large as a block reaches and fill whole blocks. */
function wholeBlocks(g: ConvGeometry, b: Blocks, reach: number): ConvGeometry {
  const { tile } = b.algorithm, kernel = reach + 1;
  return {
    ...g,
    y: { ...g.y, kernel, out: b.down * tile },
    x: { ...g.x, kernel, out: b.across * tile },
  };
}

/** Runs `body` for each block of a unit, in order, with a pointer to its place in every image given. */
export function eachBlock(
  f: Func,
  b: Blocks,
  range: UnitRange,
  begin: (image: Local) => void,
  pointers: readonly { readonly pointer: Local; readonly row: number; readonly column: number }[],
  body: (row: Local, column: Local) => void,
) {
  const [image, row, column] = f.locals("i32", 3);
  f.get(range.image).set(image);
  f.while(image, range.end, 1, () => {
    begin(image);
    f.i32(0).set(row);
    f.while(row, range.rows, 1, () => {
      f.count(column, b.across, () => {
        body(row, column);
        for (const p of pointers) f.advance(p.pointer, p.column);
      });
      for (const p of pointers) f.advance(p.pointer, p.row - b.across * p.column);
    });
  });
}
