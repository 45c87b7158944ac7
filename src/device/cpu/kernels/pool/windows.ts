/**
 * Loops over the windows of pooling and over their pixels. Inside an image, the pixels of a row of a window
 * are at constant offsets from the first; only at the edges are they counted.
 *
 * @module
 */
import type { PoolAxis, PoolGeometry } from "../../../../ops/pool_geometry.ts";
import { extent } from "../../../../ops/window_axis.ts";
import type { Func, Local } from "../../wasm/function.ts";

/** A window: where it begins, and its pixels inside the image. */
export interface Window {
  /** The offsets in bytes of its first pixel in the image, and of its result. */
  readonly source: Local;
  readonly result: Local;
  /** Its first row in the image. */
  readonly y: Local;
  readonly rows: Local;
  /** Pixels of each row; a constant inside the image. */
  readonly columns: { readonly constant: number } | { readonly local: Local };
  /** The divisor of the mean, in all lanes. */
  readonly divisor: Local;
}

/** The longest row of pixels that is written out; a longer one is a loop. */
const MOST_PIXELS = 8;

/** The windows along an axis that lie inside the image: from the first, to one past the last. */
function interior(axis: PoolAxis): [from: number, to: number] {
  const { size, kernel, out, stride, padding } = axis, from = Math.ceil(padding / stride);
  const to = Math.floor((size + padding - extent(axis)) / stride) + 1;
  return kernel <= MOST_PIXELS && from < to ? [from, Math.min(to, out)] : [0, 0];
}

function bound(f: Func, x: Local, by: number, op: "i32.lt_s" | "i32.gt_s") {
  f.get(x).i32(by).get(x).i32(by).op(op, "select").set(x);
}

/**
 * Sets the first coordinate that a window has inside the image, how many it has there, and how many with
 * padding.
 */
function span(
  f: Func,
  at: Local,
  { from, inside, length }: Readonly<Record<"from" | "inside" | "length", Local>>,
  axis: PoolAxis,
) {
  const { size, kernel, stride, padding, paddingAfter, dilation } = axis;
  if (dilation > 1) return spanOfTaps(f, at, { from, inside, length }, axis);
  f.get(at).times(stride).plus(-padding).tee(from).plus(kernel).tee(inside).set(length);
  bound(f, length, size + paddingAfter, "i32.lt_s");
  f.get(length, from).op("i32.sub").set(length);
  bound(f, from, 0, "i32.gt_s");
  bound(f, inside, size, "i32.lt_s");
  f.get(inside, from).op("i32.sub").set(inside);
}

/** {@linkcode span} of a window whose taps are apart. */
function spanOfTaps(
  f: Func,
  at: Local,
  { from, inside, length }: Readonly<Record<"from" | "inside" | "length", Local>>,
  { size, kernel, stride, padding, paddingAfter, dilation }: PoolAxis,
) {
  const skipped = f.local("i32");
  /** Sets how many taps come before a position, at most all. */
  const setTapsBefore = (taps: Local, position: number) => {
    f.i32(position + dilation - 1).get(from).op("i32.sub").i32(dilation).op("i32.div_s").set(taps);
    bound(f, taps, kernel, "i32.lt_s");
  };
  f.get(at).times(stride).plus(-padding).set(from);
  setTapsBefore(length, size + paddingAfter);
  setTapsBefore(inside, size);
  setTapsBefore(skipped, 0);
  bound(f, skipped, 0, "i32.gt_s");
  f.get(inside, skipped).op("i32.sub").set(inside);
  f.get(from, skipped).times(dilation).op("i32.add").set(from);
}

/** Loops over the windows of row `oy` of image `n`. */
export function overWindows(
  f: Func,
  g: PoolGeometry,
  n: Local,
  oy: Local,
  visit: (w: Window) => void,
) {
  const pixel = 4 * g.channels, [first, last] = interior(g.x), divisor = f.local("v128");
  const [y, rows, height, x, columns, width, ox, end, line, source, result] = f.locals("i32", 11);
  const at = { source, result, y, rows, divisor };
  const setDivisor = (width: () => void) => {
    width();
    f.get(height).op("i32.mul", "i32x4.splat", "f32x4.convert_i32x4_s").set(divisor);
  };
  const insideImage = () => {
    setDivisor(() => f.i32(g.x.kernel));
    f.i32(last).set(end).get(line).plus((first * g.x.stride - g.x.padding) * pixel).set(source);
    f.while(ox, end, 1, () => {
      visit({ ...at, columns: { constant: g.x.kernel } });
      f.advance(source, g.x.stride * pixel).advance(result, pixel);
    });
  };
  const atEdge = () => {
    span(f, ox, { from: x, inside: columns, length: width }, g.x);
    setDivisor(() => f.get(width));
    f.get(x).times(pixel).get(line).op("i32.add").set(source);
    visit({ ...at, columns: { local: columns } });
    f.advance(result, pixel);
  };
  span(f, oy, { from: y, inside: rows, length: height }, g.y);
  f.get(n).times(g.y.size).get(y).op("i32.add").times(g.x.size * pixel).set(line);
  f.get(n).times(g.y.out).get(oy).op("i32.add").times(g.x.out * pixel).set(result).i32(0).set(ox);
  if (first === 0 && last === g.x.out) insideImage();
  else {
    f.block(() =>
      f.loop(() => {
        if (first < last) f.get(ox).i32(first).op("i32.eq").when(insideImage);
        f.get(ox).i32(g.x.out).op("i32.ge_u").exitIf(1);
        atEdge();
        f.advance(ox, 1).exit(0);
      })
    );
  }
}

/**
 * Loops over pixels of a window, row by row, from those that pointers point to; `visit` is given a constant
 * offset from these in bytes.
 */
export function overPixels(
  f: Func,
  g: PoolGeometry,
  { columns }: Window,
  rows: Local,
  pointers: readonly Local[],
  visit: (offset: number) => void,
) {
  const pixel = 4 * g.channels, [row, column] = f.locals("i32", 2);
  const across = g.x.dilation, line = g.x.size * g.y.dilation;
  f.i32(0).set(row).while(row, rows, 1, () => {
    if ("constant" in columns) {
      for (let x = 0; x < columns.constant; x++) visit(x * across * pixel);
      for (const pointer of pointers) f.advance(pointer, line * pixel);
      return;
    }
    f.i32(0).set(column).while(column, columns.local, 1, () => {
      visit(0);
      for (const pointer of pointers) f.advance(pointer, across * pixel);
    });
    for (const pointer of pointers) {
      f.get(pointer).i32(line).get(columns.local).times(across).op("i32.sub").times(pixel);
      f.op("i32.add").set(pointer);
    }
  });
}
