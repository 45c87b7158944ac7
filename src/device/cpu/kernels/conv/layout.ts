/**
 * Bands of images as windows read them: in place, or copied by each thread into a padded layout, group by
 * group, so that windows need no bounds checks.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, spacedSize, spanOf, type WindowAxis } from "../../../../ops/window_axis.ts";
import { Func, type Local } from "../../wasm/function.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../kernel.ts";
import type { Bands } from "./bands.ts";

/** The locals that select a band, and the pointer to it. */
export type BandAt = Readonly<Record<"image" | "first" | "rows" | "pointer", Local>>;

/** Reads the bands of an operand's images. */
export interface BandReader {
  /** Bytes that it uses at the start of the thread's scratch memory; 0 if bands are read in place. */
  readonly bytes: number;
  /** Sets `pointer` to the band of an image for `rows` result rows from `first` on. */
  point(f: Func, at: BandAt): void;
}

/** A reader of an operand's bands. */
export function bandReader(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  operand: KernelOperand,
): BandReader {
  if (isReadInPlace(g, operand)) {
    return { bytes: 0, point: (f, at) => pointInPlace(f, g, bands, operand, at) };
  }
  const layout = layoutFunction(context, g, bands, operand);
  return {
    bytes: layoutBytes(g, bands),
    point(f, { image, first, rows, pointer }) {
      f.get(TABLE, LOCAL, image, first).times(g.y.stride);
      f.get(rows).plus(-1).times(g.y.stride).plus(extent(g.y)).call(layout);
      f.get(LOCAL).set(pointer);
    },
  };
}

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

/** Whether there are zeros between the pixels. */
const isSpaced = ({ y, x }: ConvGeometry) => y.spacing > 1 || x.spacing > 1;

/** Whether windows can read bands directly from the image's memory. */
export const isReadInPlace = (g: ConvGeometry, { slot }: KernelOperand): boolean =>
  slot !== undefined && g.groups === 1 && !isSpaced(g) && g.y.padding === 0 &&
  g.x.padding === 0 && spanOf(g.x) === g.x.size;

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
 * A function (table, local, image, first, rows) that copies rows first…first+rows-1 of an image, with
 * padding, to the start of the thread's scratch memory.
 */
export function layoutFunction(
  context: KernelContext,
  g: ConvGeometry,
  bands: Bands,
  source: KernelOperand,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  const [, local, image, first, rows] = f.inputs(5);
  const [cleared, y, to, group] = f.locals("i32", 4);
  const isPlain = g.groups === 1 && !isSpaced(g);
  const clearRow = () => {
    f.get(to).set(cleared);
    f.count(group, g.groups, () => {
      f.get(cleared).i32(0).i32(bands.row).op("memory.fill").advance(cleared, bands.group);
    });
  };
  const copyRow = isPlain
    ? () => copyNeighbors(f, g, bands, source, { image, y, to })
    : scatterPixels(f, g, bands, source, { image, y, to, temporary: f.local("i32"), local });
  const end = f.local("i32"), place = f.local("i32");
  f.get(local).set(to).get(first).tee(place).get(rows).op("i32.add").set(end);
  f.while(place, end, 1, () => {
    f.block(() => {
      whenPixel(f, g.y, place, y, (leave) => {
        if (!isPlain) clearRow();
        copyRow();
        leave();
      });
      clearRow();
    });
    f.advance(to, bands.row);
  });
  context.reserve(layoutBytes(g, bands));
  return context.module.add(f);
}

/**
 * Runs `body` if a position holds a pixel, whose index is then in `pixel`; `leave` exits the enclosing
 * block.
 */
function whenPixel(
  f: Func,
  axis: WindowAxis,
  place: Local,
  pixel: Local,
  body: (leave: () => void) => void,
) {
  const found = (depth: number) => {
    f.get(pixel).i32(axis.spacing).op("i32.div_u").set(pixel);
    body(() => f.exit(depth));
  };
  f.get(place).plus(-axis.padding).tee(pixel).i32(spacedSize(axis)).op("i32.lt_u").when(() => {
    if (axis.spacing === 1) found(1);
    else f.get(pixel).i32(axis.spacing).op("i32.rem_u", "i32.eqz").when(() => found(2));
  });
}

type Row = Readonly<Record<"image" | "y" | "to", Local>>;

/** Lays out a row whose pixels stay adjacent: zeros, the pixels that are read, zeros. */
function copyNeighbors(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  source: KernelOperand,
  { image, y, to }: Row,
) {
  const columns = bands.row / bands.pixel, before = Math.max(0, g.x.padding);
  const skipped = Math.max(0, -g.x.padding);
  const count = Math.max(0, Math.min(g.x.size - skipped, columns - before));
  const zeros = (from: number, n: number) => {
    if (n <= 0) return;
    f.get(to).plus(from * bands.pixel).i32(0).i32(n * bands.pixel).op("memory.fill");
  };
  zeros(0, before);
  if (count > 0) {
    const from = f.local("i32");
    const aligned = [g.x.size, skipped, count].every((n) => n * g.groupIn % 4 === 0);
    f.get(image).times(g.y.size).get(y).op("i32.add").times(g.x.size).plus(skipped);
    f.times(g.groupIn).set(from);
    f.get(TABLE, to).plus(before * bands.pixel).get(from, from).plus(count * g.groupIn);
    f.call(source.range(aligned));
  }
  zeros(before + count, columns - before - count);
}

/** Lays out a row whose groups or pixels are spaced apart: from a copy of the row, onto zeros. */
function scatterPixels(
  f: Func,
  g: ConvGeometry,
  bands: Bands,
  source: KernelOperand,
  { image, y, to, temporary, local }: Row & Readonly<Record<"temporary" | "local", Local>>,
) {
  const [from, x, group, column, target, channel] = f.locals("i32", 6);
  const columns = bands.row / bands.pixel, length = g.x.size * g.channels;
  const readRow = () => {
    f.get(local).plus(bands.bytes).set(temporary);
    f.get(image).times(g.y.size).get(y).op("i32.add").times(length).set(from);
    f.get(TABLE, temporary, from, from).plus(length);
    f.call(source.range(length % 4 === 0));
  };
  const copyGroups = () => {
    f.count(group, g.groups, () => {
      f.count(channel, g.groupIn, () => {
        f.get(target, temporary).access("i32.load").access("i32.store");
        f.advance(target, 4).advance(temporary, 4);
      });
      f.advance(target, bands.group - bands.pixel);
    });
  };
  return () => {
    readRow();
    f.count(x, g.x.size, () => {
      f.block(() => {
        f.get(x).times(g.x.spacing).plus(g.x.padding).tee(column).i32(columns).op("i32.ge_u");
        f.exitIf(0);
        f.get(x).times(4 * g.channels).get(local).op("i32.add").plus(bands.bytes).set(temporary);
        f.get(column).times(bands.pixel).get(to).op("i32.add").set(target);
        copyGroups();
      });
    });
  };
}
