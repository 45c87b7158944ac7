/**
 * Splits images into the blocks of Winograd's algorithms and work units, and reads their inputs.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../../kernel.ts";
import type { Bands } from "../bands.ts";
import {
  type BandAt,
  isReadInPlace,
  layoutBytes,
  layoutFunction,
  pointInPlace,
} from "../layout.ts";
import { ROWS } from "../../register_tile.ts";
import type { Algorithm } from "./algorithm.ts";

/** The target number of units per batch, so that threads can share a few images too. */
const MIN_UNITS = 8;

/** The blocks of a batch's images, and their division into work units. */
export interface Blocks {
  readonly algorithm: Algorithm;
  readonly batch: number;
  /** Blocks of an image along its axes. */
  readonly across: number;
  readonly down: number;
  /** The outputs in an image's last row and last column of blocks; their other outputs overhang the image. */
  readonly lastHeight: number;
  readonly lastWidth: number;
  /** Images of a unit, fewer in the last one. More than 1 only if `bands` is 1. */
  readonly images: number;
  /** Rows of blocks of a unit, fewer in an image's last one. */
  readonly rows: number;
  /** Units of an image. */
  readonly bands: number;
  readonly units: number;
  /** The capacity of a unit in blocks, rounded up to whole tiles of rows. */
  readonly capacity: number;
}

/** Splits the results of a convolution into blocks, about `aim` per unit. */
export function splitIntoBlocks(g: ConvGeometry, algorithm: Algorithm, aim: number): Blocks {
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

/** The stride between matrices in bytes; multiples of 512 are avoided, as they map to the same cache sets. */
export const paddedStride = (bytes: number): number => bytes % 512 === 0 ? bytes + 64 : bytes;

/** The locals that describe a unit's blocks. */
export type UnitRange = Readonly<Record<"image" | "end" | "first" | "rows" | "count", Local>>;

/** Sets a unit's first image and one past its last, its first row of blocks, its rows, and its blocks. */
export function setRange(f: Func, b: Blocks, unit: Local, r: UnitRange) {
  f.get(unit).i32(b.bands).op("i32.div_u").times(b.images).tee(r.image).plus(b.images).set(r.end);
  f.atMost(r.end, b.batch);
  f.get(unit).i32(b.bands).op("i32.rem_u").times(b.rows).tee(r.first).plus(b.rows).set(r.rows);
  f.atMost(r.rows, b.down);
  f.get(r.rows, r.first).op("i32.sub").tee(r.rows);
  f.get(r.end, r.image).op("i32.sub", "i32.mul").times(b.across).set(r.count);
}

/** Reads images as blocks, with their padding, and zeros up to whole blocks. */
export interface BlockReader {
  /** Bytes from pixel to pixel and from row to row. */
  readonly pixel: number;
  readonly row: number;
  /** Bytes of the thread's scratch memory, from `start` on, for the layout of images. */
  readonly bytes: number;
  /** Sets `pointer` to an image's rows of blocks from `first` on. */
  point(f: Func, at: BandAt): void;
}

/**
 * A reader of an operand's blocks.
 *
 * @param reach How many pixels a block's inputs are wider than its outputs.
 * @param start The offset of its scratch memory in the thread's, in bytes.
 */
export function blockReader(
  context: KernelContext,
  g: ConvGeometry,
  b: Blocks,
  operand: KernelOperand,
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
  if (isReadInPlace(whole, operand) && whole.y.out + reach <= g.y.size) {
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

/** The geometry of a convolution whose windows span a block's inputs and fill whole blocks. */
function wholeBlocks(g: ConvGeometry, b: Blocks, reach: number): ConvGeometry {
  const { tile } = b.algorithm, kernel = reach + 1;
  return {
    ...g,
    y: { ...g.y, kernel, out: b.down * tile },
    x: { ...g.x, kernel, out: b.across * tile },
  };
}

/** Runs `body` for each block of a unit, in order, advancing the given pointers. */
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
