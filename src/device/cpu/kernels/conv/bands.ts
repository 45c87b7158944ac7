/**
 * Convolutions as correlations: images laid out so that windows need no bounds, band by band.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, placesOf, spanOf } from "../../../../ops/window_axis.ts";
import { Func, type Local } from "../../wasm/module.ts";
import { type KernelContext, LOCAL, type Operand, TABLE } from "../../kernel.ts";

/** Bytes of a laid-out band that are aimed at, so that it stays in the second cache. */
const BAND = 192 * 1024;

/** Bands in a batch that are aimed at, so that threads can share few images as well. */
const SHARES = 8;

/** How images are cut into bands of rows of results, and how a band lies in memory. */
export interface Bands {
  /** Rows of results in a band (fewer in the last), and bands in an image. */
  readonly rows: number;
  readonly count: number;
  /** Bytes of a pixel, a row, a group and all of a laid-out band. */
  readonly pixel: number;
  readonly row: number;
  readonly group: number;
  readonly bytes: number;
}

/** Cuts images into bands. */
export function bandsOf(c: ConvGeometry): Bands {
  const columns = spanOf(c.x);
  const pixel = 4 * c.groupIn, row = pixel * columns;
  const fit = Math.floor((BAND / (row * c.groups) - extent(c.y)) / c.y.stride) + 1;
  const most = Math.min(c.y.out, Math.max(1, fit));
  const shares = Math.min(c.y.out, Math.ceil(SHARES / c.batch));
  const count = Math.max(shares, Math.ceil(c.y.out / most));
  const rows = Math.ceil(c.y.out / count);
  const group = row * spanOf(c.y, rows);
  return { rows, count: Math.ceil(c.y.out / rows), pixel, row, group, bytes: group * c.groups };
}

/** Bytes of scratch that laying out a band takes: the band, and a row of the image. */
export const layoutBytes = (c: ConvGeometry, bands: Bands): number =>
  bands.bytes + 4 * c.x.size * c.channels;

/** Whether zeros come between the pixels. */
const isSpaced = ({ y, x }: ConvGeometry) => y.spacing > 1 || x.spacing > 1;

/** Whether a band lies in the image's own memory as it has to. */
export const liesReady = (c: ConvGeometry, { slot }: Operand): boolean =>
  slot !== undefined && c.groups === 1 && !isSpaced(c) && c.y.padding === 0 &&
  c.x.padding === 0 && spanOf(c.x) === c.x.size;

/**
 * A function (table, local, image, first, rows) that lays out rows first…first+rows-1 of an image with
 * its padding at the start of the thread's scratch memory.
 */
export function layout(
  context: KernelContext,
  c: ConvGeometry,
  bands: Bands,
  source: Operand,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  const [, local, image, first, rows] = f.inputs(5);
  const [r, y, to, group] = f.locals("i32", 4);
  const channels = c.channels, simple = c.groups === 1 && !isSpaced(c);
  const clearRow = () => {
    f.get(to).set(r);
    f.count(group, c.groups, () => {
      f.get(r).i32(0).i32(bands.row).op("memory.fill").advance(r, bands.group);
    });
  };
  const fetch = simple
    ? () => neighbours(f, c, bands, source, { image, y, to })
    : spread(f, c, bands, source, { image, y, to, temporary: f.local("i32"), local });
  const end = f.local("i32"), at = f.local("i32");
  f.get(local).set(to).get(first).tee(at).get(rows).op("i32.add").set(end);
  f.while(at, end, 1, () => {
    f.block(() => {
      f.get(at).plus(-c.y.padding).tee(y).i32(placesOf(c.y)).op("i32.lt_u").when(() => {
        const here = () => {
          f.get(y).i32(c.y.spacing).op("i32.div_u").set(y);
          if (!simple) clearRow();
          fetch();
          f.exit(c.y.spacing > 1 ? 2 : 1);
        };
        if (c.y.spacing === 1) here();
        else f.get(y).i32(c.y.spacing).op("i32.rem_u", "i32.eqz").when(here);
      });
      clearRow();
    });
    f.advance(to, bands.row);
  });
  context.reserve(bands.bytes + 4 * c.x.size * channels);
  return context.module.add(f);
}

type Row = Readonly<Record<"image" | "y" | "to", Local>>;

/** One row of an image that lies as it has to but for the padding. */
function neighbours(
  f: Func,
  c: ConvGeometry,
  bands: Bands,
  source: Operand,
  { image, y, to }: Row,
) {
  const columns = bands.row / bands.pixel, before = Math.max(0, c.x.padding);
  const skipped = Math.max(0, -c.x.padding);
  const count = Math.max(0, Math.min(c.x.size - skipped, columns - before));
  const zeros = (from: number, n: number) => {
    if (n <= 0) return;
    f.get(to).plus(from * bands.pixel).i32(0).i32(n * bands.pixel).op("memory.fill");
  };
  zeros(0, before);
  if (count > 0) {
    const from = f.local("i32");
    const aligned = [c.x.size, skipped, count].every((n) => n * c.groupIn % 4 === 0);
    f.get(image).times(c.y.size).get(y).op("i32.add").times(c.x.size).plus(skipped);
    f.times(c.groupIn).set(from);
    f.get(TABLE, to).plus(before * bands.pixel).get(from, from).plus(count * c.groupIn);
    f.call(source.range(aligned));
  }
  zeros(before + count, columns - before - count);
}

/** One row of an image whose groups or pixels are taken apart, on top of zeros. */
function spread(
  f: Func,
  c: ConvGeometry,
  bands: Bands,
  source: Operand,
  { image, y, to, temporary, local }: Row & { readonly temporary: Local; readonly local: Local },
) {
  const [from, x, g, column, target, channel] = f.locals("i32", 6);
  const channels = c.channels, columns = bands.row / bands.pixel;
  return () => {
    f.get(local).plus(bands.bytes).set(temporary);
    f.get(image).times(c.y.size).get(y).op("i32.add").times(c.x.size * channels).set(from);
    f.get(TABLE, temporary, from, from).plus(c.x.size * channels);
    f.call(source.range((c.x.size * channels) % 4 === 0));
    f.count(x, c.x.size, () => {
      f.block(() => {
        f.get(x).times(c.x.spacing).plus(c.x.padding).tee(column).i32(columns).op("i32.ge_u")
          .exitIf(0);
        f.get(x).times(4 * channels).get(local).op("i32.add").plus(bands.bytes).set(temporary);
        f.get(column).times(bands.pixel).get(to).op("i32.add").set(target);
        f.count(g, c.groups, () => {
          f.count(channel, c.groupIn, () => {
            f.get(target, temporary).access("i32.load").access("i32.store");
            f.advance(target, 4).advance(temporary, 4);
          });
          f.advance(target, bands.group - bands.pixel);
        });
      });
    });
  };
}

/** Sets `pointer` to a band of an image: laid out now, or where it lies. */
export function pointToBand(
  f: Func,
  c: ConvGeometry,
  bands: Bands,
  source: Operand,
  lay: Func | undefined,
  { image, first, rows, pointer }: Readonly<Record<"image" | "first" | "rows" | "pointer", Local>>,
) {
  if (!lay) {
    f.get(f.base(source.slot!), image).times(c.y.size).get(first).times(c.y.stride).op("i32.add");
    f.times(bands.row).op("i32.add").set(pointer);
    return;
  }
  f.get(TABLE, LOCAL, image, first).times(c.y.stride);
  f.get(rows).plus(-1).times(c.y.stride).plus(extent(c.y)).call(lay);
  f.get(LOCAL).set(pointer);
}
