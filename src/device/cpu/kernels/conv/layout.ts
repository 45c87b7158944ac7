/**
 * Bands of images as windows read them: in place, or copied by each thread into a padded layout, group by
 * group, so that windows need no bounds checks.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { spanOf } from "../../../../ops/window_axis.ts";
import { Func, type Local } from "../../wasm/function.ts";
import { type KernelContext, type KernelOperand, TABLE } from "../../kernel.ts";
import type { Bands } from "./bands.ts";

/** The locals that select a band, and the pointer to it. */
export type BandAt = Readonly<Record<"image" | "first" | "rows" | "pointer", Local>>;

/** Sets the first result row of a band, and their number. */
export function setBandRows(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  band: Local,
  { first, rows }: Pick<BandAt, "first" | "rows">,
) {
  f.get(band).times(bands.rows).tee(first).times(-1).plus(g.y.out).set(rows);
  f.atMost(rows, bands.rows);
}

/** Whether windows can read bands directly from the image's memory. */
export const isReadInPlace = (g: ConvGeometry, { slot }: KernelOperand): boolean =>
  slot !== undefined && g.groups === 1 && g.y.padding === 0 && g.x.padding === 0 &&
  spanOf(g.x) === g.x.size;

/** Sets `pointer` to a band that is read in place. */
export function pointInPlace(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
  { image, first, pointer }: Pick<BandAt, "image" | "first" | "pointer">,
) {
  f.get(f.base(operand.slot!), image).times(g.y.size).get(first).times(g.y.stride).op("i32.add");
  f.times(bands.row).op("i32.add").set(pointer);
}

/** Bytes of scratch memory for the layout of a band: the band, and a row of the image. */
export const layoutBytes = (g: ConvGeometry, bands: Bands): number =>
  bands.bytes + 4 * g.x.size * g.channels;

/**
 * A function (table, local, image, first, rows) that copies the positions of `rows` rows from `first` on of
 * an image, with padding, to the start of the thread's scratch memory.
 */
export function layoutFunction(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  source: KernelOperand,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  const [, local, image, first, rows] = f.inputs(5);
  const [cleared, y, to, group, place, end] = f.locals("i32", 6), at: Row = { image, y, to };
  const clearRow = () => {
    f.get(to).set(cleared);
    f.count(group, g.groups, () => {
      f.get(cleared).i32(0).i32(bands.row).op("memory.fill").advance(cleared, bands.group);
    });
  };
  const columns = readColumns(g, bands);
  const copyRow = () => {
    if (g.groups === 1) return copyPixels(f, g, bands, source, columns, at);
    clearRow();
    scatterGroups(f, g, bands, source, columns, at, local);
  };
  f.get(local).set(to).get(first).tee(place).get(rows).op("i32.add").set(end);
  f.while(place, end, 1, () => {
    f.block(() => {
      f.get(place).plus(-g.y.padding).tee(y).i32(g.y.size).op("i32.lt_u").when(() => {
        copyRow();
        f.exit(1);
      });
      clearRow();
    });
    f.advance(to, bands.row);
  });
  context.reserve(layoutBytes(g, bands));
  return context.module.add(f);
}

type Row = Readonly<Record<"image" | "y" | "to", Local>>;

/** The pixels of a row that windows read: the first, their number, and the zeros before and after. */
function readColumns({ x }: ConvGeometry, { row, pixel }: Bands) {
  const columns = row / pixel, before = Math.min(columns, Math.max(0, x.padding));
  const first = Math.max(0, -x.padding);
  const count = Math.max(0, Math.min(x.size - first, columns - before));
  return { first, count, before, after: columns - before - count };
}

type Columns = ReturnType<typeof readColumns>;

/** Sets `from` to the index of the first element of a row that is read. */
function pointToRow(f: Func, g: ConvGeometry, first: number, { image, y }: Row, from: Local) {
  f.get(image).times(g.y.size).get(y).op("i32.add").times(g.x.size).plus(first);
  f.times(g.channels).set(from);
}

/** Lays out a row of one group: zeros, the pixels that are read, zeros. */
function copyPixels(
  f: Func,
  g: ConvGeometry,
  { pixel }: Bands,
  source: KernelOperand,
  { first, count, before, after }: Columns,
  row: Row,
) {
  const from = f.local("i32"), { to } = row;
  const aligned = [g.x.size, first, count].every((n) => n * g.channels % 4 === 0);
  const clear = (start: number, n: number) => {
    if (n > 0) f.get(to).plus(start * pixel).i32(0).i32(n * pixel).op("memory.fill");
  };
  clear(0, before);
  if (count > 0) {
    pointToRow(f, g, first, row, from);
    f.get(TABLE, to).plus(before * pixel).get(from, from).plus(count * g.channels);
    f.call(source.range(aligned));
  }
  clear(before + count, after);
}

/** Lays out a row group by group, from a copy of the row, onto zeros. */
function scatterGroups(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  source: KernelOperand,
  { first, count, before }: Columns,
  row: Row,
  local: Local,
) {
  const [from, temporary, x, group, target] = f.locals("i32", 5), elements = count * g.channels;
  const aligned = [g.x.size, first, count].every((n) => n * g.channels % 4 === 0);
  if (count === 0) return;
  f.get(local).plus(bands.bytes).set(temporary);
  pointToRow(f, g, first, row, from);
  f.get(TABLE, temporary, from, from).plus(elements).call(source.range(aligned));
  f.get(row.to).plus(before * bands.pixel).set(target);
  f.count(x, count, () => {
    f.count(group, g.groups, () => {
      copyChannels(f, g.groupIn, temporary, target);
      f.advance(temporary, 4 * g.groupIn).advance(target, bands.group);
    });
    f.advance(target, bands.pixel - g.groups * bands.group);
  });
}

/** The most vectors that are copied without a loop. */
const MOST_VECTORS = 16;

/** Copies the adjacent channels of a pixel. */
function copyChannels(f: Func, channels: number, from: Local, to: Local) {
  const full = channels - channels % 4;
  if (full > 4 * MOST_VECTORS) {
    f.get(to, from).i32(4 * channels).op("memory.copy");
    return;
  }
  for (let c = 0; c < full; c += 4) {
    f.get(to, from).access("v128.load", 4 * c).access("v128.store", 4 * c);
  }
  for (let c = full; c < channels; c++) {
    f.get(to, from).access("i32.load", 4 * c).access("i32.store", 4 * c);
  }
}
