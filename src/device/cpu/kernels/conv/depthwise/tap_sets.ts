/**
 * The sets of taps of a weight gradient whose sums are in registers together, and the rows of windows in
 * which they read pixels.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../../ops/window_axis.ts";

/** Rows of windows from…to-1. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Taps [rows] × [from, to) of the kernel. */
export interface TapSet {
  /** The first row of taps, and their number. */
  readonly row: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  /** The rows of windows in which all of them read pixels. */
  readonly windows: Range;
}

/** The rows of windows in which a row of taps reads pixels. */
function windowsOf({ size, stride, dilation, padding, out }: WindowAxis, tap: number): Range {
  const from = Math.max(0, Math.ceil((padding - tap * dilation) / stride));
  const last = Math.floor((size - 1 + padding - tap * dilation) / stride);
  return { from, to: Math.min(out, last + 1) };
}

/**
 * Splits the kernel into sets of at most so many rows and columns. The sets of a tap are in the order of
 * their windows, so that its sum does not depend on the taps beside it.
 */
export function tapSets({ y, x }: ConvGeometry, mostRows: number, mostColumns: number): TapSet[] {
  const columns = Math.ceil(x.kernel / Math.ceil(x.kernel / mostColumns)), sets: TapSet[] = [];
  const add = (row: number, rows: number, windows: Range) => {
    for (let from = 0; from < x.kernel; from += columns) {
      sets.push({ row, rows, from, to: Math.min(x.kernel, from + columns), windows });
    }
  };
  for (let row = 0; row < y.kernel; row += mostRows) {
    const rows = Math.min(mostRows, y.kernel - row);
    const own = Array.from({ length: rows }, (_, i) => windowsOf(y, row + i));
    const from = Math.max(...own.map((r) => r.from)), to = Math.min(...own.map((r) => r.to));
    const middle = from < to ? { from, to } : { from: y.out, to: y.out };
    own.forEach(({ from, to }, i) => add(row + i, 1, { from, to: Math.min(to, middle.from) }));
    add(row, rows, middle);
    own.forEach(({ from, to }, i) => add(row + i, 1, { from: Math.max(from, middle.to), to }));
  }
  return sets.filter(({ windows }) => windows.from < windows.to);
}
