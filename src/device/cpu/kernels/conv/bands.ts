/**
 * Splits the images of a convolution into bands of rows that fit the L2 cache.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, spanOf } from "../../../../ops/window_axis.ts";

/** The target size of a band's layout in bytes, so that it stays in the L2 cache. */
export const BAND_BYTES = 192 * 1024;

/** The target number of units, so that threads can share a few images too. */
export const MIN_UNITS = 8;

/** The bands of result rows of an image, and the memory layout of a band. */
export interface Bands {
  /** Result rows per band (fewer in the last), and bands per image. */
  readonly rows: number;
  readonly count: number;
  /** Bytes of a pixel, a row, a group, and the whole band in its layout. */
  readonly pixel: number;
  readonly row: number;
  readonly group: number;
  readonly bytes: number;
}

/** The same convolution of one high image if windows are single pixels, all of which are read. */
export function mergeImages(g: ConvGeometry): ConvGeometry {
  const arePixels = [g.y, g.x].every((a) =>
    a.kernel === 1 && a.stride === 1 && a.spacing === 1 && a.padding === 0 && a.out === a.size
  );
  if (!arePixels) return g;
  const rows = g.batch * g.y.size;
  return { ...g, batch: 1, y: { ...g.y, size: rows, out: rows } };
}

/** Splits the images of a convolution into bands, at least `units` of them in all if there are as many rows. */
export function splitIntoBands(g: ConvGeometry, units = MIN_UNITS): Bands {
  const pixel = 4 * g.groupIn, row = pixel * spanOf(g.x);
  const fit = Math.floor((BAND_BYTES / (row * g.groups) - extent(g.y)) / g.y.stride) + 1;
  // As many rows at least as windows have, so that most of what is laid out is read more than once.
  const least = Math.ceil(extent(g.y) / g.y.stride), most = Math.min(g.y.out, Math.max(least, fit));
  const fewest = Math.min(g.y.out, Math.ceil(units / g.batch));
  const rows = Math.ceil(g.y.out / Math.max(fewest, Math.ceil(g.y.out / most)));
  const group = row * spanOf(g.y, rows);
  return { rows, count: Math.ceil(g.y.out / rows), pixel, row, group, bytes: group * g.groups };
}
