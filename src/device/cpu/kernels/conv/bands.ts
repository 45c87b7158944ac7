/**
 * How the images of a convolution are cut into bands of rows, so that one fits a core's second cache.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { extent, spanOf } from "../../../../ops/window_axis.ts";

/** Bytes of a laid-out band that are aimed at, so that it stays in the second cache. */
const BAND_BYTES = 192 * 1024;

/** Bands in a batch that are aimed at, so that threads can share few images as well. */
const MIN_BANDS = 8;

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

/** Cuts the images of a convolution into bands. */
export function cutIntoBands(g: ConvGeometry): Bands {
  const pixel = 4 * g.groupIn, row = pixel * spanOf(g.x);
  const fit = Math.floor((BAND_BYTES / (row * g.groups) - extent(g.y)) / g.y.stride) + 1;
  const most = Math.min(g.y.out, Math.max(1, fit));
  const fewest = Math.min(g.y.out, Math.ceil(MIN_BANDS / g.batch));
  const rows = Math.ceil(g.y.out / Math.max(fewest, Math.ceil(g.y.out / most)));
  const group = row * spanOf(g.y, rows);
  return { rows, count: Math.ceil(g.y.out / rows), pixel, row, group, bytes: group * g.groups };
}
