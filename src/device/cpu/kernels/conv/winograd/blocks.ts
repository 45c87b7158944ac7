/**
 * How images are cut into the blocks of Winograd's algorithms, and what lies where.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/module.ts";
import { type KernelContext, LOCAL, type Operand, TABLE } from "../../../kernel.ts";
import { type Bands, layout, layoutBytes, liesReady, pointToBand } from "../bands.ts";
import { ROWS } from "../../register_tile.ts";
import type { Algorithm } from "./algorithm.ts";

/** Units in a batch that are aimed at, so that threads can share few images as well. */
const SHARES = 8;

/** Blocks of the images of a batch, and the units of work that they make. */
export interface Blocks {
  readonly algorithm: Algorithm;
  readonly batch: number;
  /** Blocks of an image along its axes. */
  readonly across: number;
  readonly down: number;
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

/** Cuts the results of a correlation into blocks, about `aim` of them to a unit. */
export function blocksOf(c: ConvGeometry, algorithm: Algorithm, aim: number): Blocks {
  const across = Math.ceil(c.x.out / algorithm.tile);
  const down = Math.ceil(c.y.out / algorithm.tile);
  const most = Math.max(1, Math.floor(aim / (across * down)));
  const images = Math.min(most, Math.max(1, Math.floor(c.batch / SHARES)));
  const shares = Math.min(down, Math.ceil(SHARES / c.batch));
  const fit = Math.max(1, Math.floor(aim / across));
  const count = images > 1 ? 1 : Math.max(shares, Math.ceil(down / fit));
  const rows = Math.ceil(down / count), bands = Math.ceil(down / rows);
  const capacity = Math.ceil(images * rows * across / ROWS) * ROWS;
  const units = Math.ceil(c.batch / images) * bands;
  return { algorithm, batch: c.batch, across, down, images, rows, bands, units, capacity };
}

/** Bytes from one matrix to the next; powers of two would all fall into the same lines of a cache. */
export const strideOf = (bytes: number): number => bytes % 512 === 0 ? bytes + 64 : bytes;

/** Variables that say which blocks a unit has. */
export type UnitRange = Readonly<Record<"image" | "end" | "first" | "rows" | "count", Local>>;

/** Sets a unit's first image and the one after its last, its first row of blocks, rows, and blocks. */
export function setRange(f: Func, b: Blocks, unit: Local, r: UnitRange) {
  const smaller = (to: Local, limit: number) =>
    f.get(to).i32(limit).get(to).i32(limit).op("i32.lt_u", "select").set(to);
  f.get(unit).i32(b.bands).op("i32.div_u").times(b.images).tee(r.image).plus(b.images).set(r.end);
  smaller(r.end, b.batch);
  f.get(unit).i32(b.bands).op("i32.rem_u").times(b.rows).tee(r.first).plus(b.rows).set(r.rows);
  smaller(r.rows, b.down);
  f.get(r.rows, r.first).op("i32.sub").tee(r.rows);
  f.get(r.end, r.image).op("i32.sub", "i32.mul").times(b.across).set(r.count);
}

/** Images as blocks read them: with their padding, and zeros up to whole blocks. */
export interface Source {
  /** Bytes from pixel to pixel and from row to row. */
  readonly pixel: number;
  readonly row: number;
  /** Bytes of the thread's scratch memory, from the start that was given, in which images are laid out. */
  readonly bytes: number;
  /** Sets `pointer` to where an image's rows of blocks from `first` on lie. */
  point(f: Func, at: Readonly<Record<"image" | "first" | "rows" | "pointer", Local>>): void;
}

/**
 * Images for blocks.
 *
 * @param reach Pixels by which a block's inputs are wider than its outputs.
 * @param start Where the thread's scratch memory for it begins, in bytes.
 */
export function sourceOf(
  context: KernelContext,
  c: ConvGeometry,
  b: Blocks,
  operand: Operand,
  reach: number,
  start: number,
): Source {
  const { tile } = b.algorithm;
  const kernel = reach + 1;
  const whole: ConvGeometry = {
    ...c,
    y: { ...c.y, kernel, out: b.down * tile },
    x: { ...c.x, kernel, out: b.across * tile },
  };
  const pixel = 4 * c.groupIn, row = pixel * (whole.x.out + reach);
  const bytes = row * (b.rows * tile + reach);
  const bands: Bands = { rows: b.rows * tile, count: b.bands, pixel, row, group: bytes, bytes };
  const ready = liesReady(whole, operand) && whole.y.out + reach <= c.y.size;
  const lay = ready ? undefined : layout(context, whole, bands, operand);
  return {
    pixel,
    row,
    bytes: lay ? Math.ceil(layoutBytes(whole, bands) / 64) * 64 : 0,
    point(f, { image, first, rows, pointer }) {
      const from = f.local("i32");
      f.get(first).times(tile).set(from);
      if (!lay) {
        pointToBand(f, whole, bands, operand, lay, { image, first: from, rows, pointer });
        return;
      }
      f.get(LOCAL).plus(start).set(pointer);
      f.get(TABLE, pointer, image, from).get(rows).times(tile).plus(reach).call(lay);
    },
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
