/**
 * The windows of pooling by random fractions, and the maximum over them.
 *
 * @module
 */
import { add, gather, iota, max, minimum, mul, reshape, slice, sub } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";

/** What windows there are along an axis. */
export interface Fractions {
  readonly out: number;
  /** Pixels of the largest window. */
  readonly largest: number;
  /** Pixels of a window beyond its step; undefined if each window has the largest size. */
  readonly beyond?: number;
  /** The sum of all steps, and their number. */
  readonly length: number;
  readonly steps: number;
}

/**
 * The windows along an axis of some pixels; undefined if they cannot be.
 *
 * @param size The size of each window; if left out, they reach up to the next boundary.
 */
export function fractionsOf(
  pixels: number,
  out: number,
  overlapping: boolean,
  size?: number,
): Fractions | undefined {
  const beyond = overlapping ? 1 : 0;
  const [length, steps] = size === undefined ? [pixels - beyond, out] : [pixels - size, out - 1];
  if (!(Number.isInteger(out) && out >= 1 && steps >= 1 && length >= steps)) return undefined;
  const largest = size ?? Math.ceil(length / steps) + beyond;
  return { out, largest, length, steps, ...(size === undefined && { beyond }) };
}

/** The pixels of each window between boundaries, i32[out, largest]; a smaller window repeats its last. */
export function pixelsOf({ out, largest, beyond }: Fractions, boundaries: Tensor): Tensor {
  const column = (x: Tensor) => reshape(x, [out, 1]);
  const starts = column(slice(boundaries, [0], [out])), taps = iota(largest);
  if (beyond === undefined) return add(starts, taps);
  const sizes = add(sub(column(slice(boundaries, [1], [out + 1])), starts), beyond);
  return add(starts, minimum(taps, sub(sizes, 1)));
}

/**
 * The maxima over windows of the rows of images: x [images, rows, ...rest], pixels [out, largest] → [images, out,
 * ...rest].
 */
function maxOfRows(x: Tensor, pixels: Tensor): Tensor {
  const [images, rows, ...rest] = x.shape as [number, number, ...number[]];
  const first = reshape(mul(iota(images), rows), [images, 1, 1]);
  return max(gather(reshape(x, [images * rows, ...rest]), add(first, pixels)), 2);
}

/**
 * The maximum of each channel over windows of images [batch, height, width, channels].
 *
 * @param rows The rows of each window, i32[height', size].
 * @param columns The columns of each window, i32[width', size].
 */
export function maxOfWindows(x: Tensor, rows: Tensor, columns: Tensor): Tensor {
  const [batch, , width, channels] = x.shape as Tuple<number, 4>;
  const high = maxOfRows(x, rows), height = high.shape[1]!;
  const wide = maxOfRows(reshape(high, [batch * height, width, channels]), columns);
  return reshape(wide, [batch, height, -1, channels]);
}
