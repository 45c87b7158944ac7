/**
 * Convolutions as correlations: images laid out so that windows need no bounds, band by band.
 *
 * @module
 */
import type { ConvSizes } from "../../../../ops/conv.ts";
import { Func, type Local } from "../../wasm/module.ts";
import { type KernelContext, LOCAL, type Operand, TABLE } from "../../kernel.ts";

/** A correlation of images with windows; sizes of channels are those of one group. */
export interface Correlation {
  readonly batch: number;
  readonly groups: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Pixels from one of the image to the next, once zeros are put between them. */
  readonly spacing: number;
  /** Zeros before the image, in pixels; negative where its first pixels are not used. */
  readonly top: number;
  readonly left: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
}

/** A convolution as a correlation. */
export const forward = (s: ConvSizes): Correlation => ({
  ...s,
  channels: s.groupIn,
  outChannels: s.groupOut,
  spacing: 1,
  top: s.padding,
  left: s.padding,
});

/** The gradient of a convolution's image as a correlation of the output's cotangent. */
export const backward = (s: ConvSizes): Correlation => ({
  batch: s.batch,
  groups: s.groups,
  height: s.outHeight,
  width: s.outWidth,
  channels: s.groupOut,
  spacing: s.stride,
  top: s.kernelHeight - 1 - s.padding,
  left: s.kernelWidth - 1 - s.padding,
  kernelHeight: s.kernelHeight,
  kernelWidth: s.kernelWidth,
  stride: 1,
  outHeight: s.height,
  outWidth: s.width,
  outChannels: s.groupIn,
});

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
export function bandsOf(c: Correlation): Bands {
  const columns = (c.outWidth - 1) * c.stride + c.kernelWidth;
  const pixel = 4 * c.channels, row = pixel * columns;
  const fit = Math.floor((BAND / (row * c.groups) - c.kernelHeight) / c.stride) + 1;
  const most = Math.min(c.outHeight, Math.max(1, fit));
  const shares = Math.min(c.outHeight, Math.ceil(SHARES / c.batch));
  const count = Math.max(shares, Math.ceil(c.outHeight / most));
  const rows = Math.ceil(c.outHeight / count);
  const group = row * ((rows - 1) * c.stride + c.kernelHeight);
  return { rows, count: Math.ceil(c.outHeight / rows), pixel, row, group, bytes: group * c.groups };
}

/** Bytes of scratch that laying out a band takes: the band, and a row of the image. */
export const layoutBytes = (c: Correlation, bands: Bands): number =>
  bands.bytes + 4 * c.width * c.channels * c.groups;

/** Whether a band lies in the image's own memory as it has to. */
export const liesReady = (c: Correlation, { slot }: Operand): boolean =>
  slot !== undefined && c.groups === 1 && c.spacing === 1 && c.top === 0 && c.left === 0 &&
  (c.outWidth - 1) * c.stride + c.kernelWidth === c.width;

/**
 * A function (table, local, image, first, rows) that lays out rows first…first+rows-1 of an image with
 * its padding at the start of the thread's scratch memory.
 */
export function layout(
  context: KernelContext,
  c: Correlation,
  bands: Bands,
  source: Operand,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32"]);
  const [, local, image, first, rows] = f.inputs(5);
  const [r, y, to, group] = f.locals("i32", 4);
  const channels = c.channels * c.groups, simple = c.groups === 1 && c.spacing === 1;
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
      f.get(at).plus(-c.top).tee(y).i32((c.height - 1) * c.spacing + 1).op("i32.lt_u").when(() => {
        const here = () => {
          f.get(y).i32(c.spacing).op("i32.div_u").set(y);
          if (!simple) clearRow();
          fetch();
          f.exit(c.spacing > 1 ? 2 : 1);
        };
        if (c.spacing === 1) here();
        else f.get(y).i32(c.spacing).op("i32.rem_u", "i32.eqz").when(here);
      });
      clearRow();
    });
    f.advance(to, bands.row);
  });
  context.reserve(bands.bytes + 4 * c.width * channels);
  return context.module.add(f);
}

type Row = Readonly<Record<"image" | "y" | "to", Local>>;

/** One row of an image that lies as it has to but for the padding. */
function neighbours(f: Func, c: Correlation, bands: Bands, source: Operand, { image, y, to }: Row) {
  const columns = bands.row / bands.pixel, before = Math.max(0, c.left);
  const skipped = Math.max(0, -c.left);
  const count = Math.max(0, Math.min(c.width - skipped, columns - before));
  const zeros = (from: number, n: number) => {
    if (n <= 0) return;
    f.get(to).plus(from * bands.pixel).i32(0).i32(n * bands.pixel).op("memory.fill");
  };
  zeros(0, before);
  if (count > 0) {
    const from = f.local("i32");
    const aligned = [c.width, skipped, count].every((n) => n * c.channels % 4 === 0);
    f.get(image).times(c.height).get(y).op("i32.add").times(c.width).plus(skipped);
    f.times(c.channels).set(from);
    f.get(TABLE, to).plus(before * bands.pixel).get(from, from).plus(count * c.channels);
    f.call(source.range(aligned));
  }
  zeros(before + count, columns - before - count);
}

/** One row of an image whose groups or pixels are taken apart, on top of zeros. */
function spread(
  f: Func,
  c: Correlation,
  bands: Bands,
  source: Operand,
  { image, y, to, temporary, local }: Row & { readonly temporary: Local; readonly local: Local },
) {
  const [from, x, g, column, target, channel] = f.locals("i32", 6);
  const channels = c.channels * c.groups, columns = bands.row / bands.pixel;
  return () => {
    f.get(local).plus(bands.bytes).set(temporary);
    f.get(image).times(c.height).get(y).op("i32.add").times(c.width * channels).set(from);
    f.get(TABLE, temporary, from, from).plus(c.width * channels);
    f.call(source.range((c.width * channels) % 4 === 0));
    f.count(x, c.width, () => {
      f.block(() => {
        f.get(x).times(c.spacing).plus(c.left).tee(column).i32(columns).op("i32.ge_u").exitIf(0);
        f.get(x).times(4 * channels).get(local).op("i32.add").plus(bands.bytes).set(temporary);
        f.get(column).times(bands.pixel).get(to).op("i32.add").set(target);
        f.count(g, c.groups, () => {
          f.count(channel, c.channels, () => {
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
  c: Correlation,
  bands: Bands,
  source: Operand,
  lay: Func | undefined,
  { image, first, rows, pointer }: Readonly<Record<"image" | "first" | "rows" | "pointer", Local>>,
) {
  if (!lay) {
    f.get(f.base(source.slot!), image).times(c.height).get(first).times(c.stride).op("i32.add");
    f.times(bands.row).op("i32.add").set(pointer);
    return;
  }
  f.get(TABLE, LOCAL, image, first).times(c.stride);
  f.get(rows).plus(-1).times(c.stride).plus(c.kernelHeight).call(lay);
  f.get(LOCAL).set(pointer);
}
