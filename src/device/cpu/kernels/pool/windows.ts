/**
 * Loops over the windows of pooling and over their pixels, four channels at a time.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import type { Func, Local } from "../../wasm/function.ts";

/** The locals of a loop over windows: bounds in the image, and the channel's offset in bytes. */
export interface Window {
  readonly y0: Local;
  readonly y1: Local;
  readonly x0: Local;
  readonly x1: Local;
  /** The divisor of the mean. */
  readonly area: Local;
  /** The address offset of the window's result, in bytes. */
  readonly out: Local;
  readonly channel: Local;
  /** Channels processed at once. */
  readonly step: 4 | 1;
}

function bound(f: Func, out: Local, by: number, op: "i32.lt_s" | "i32.gt_s") {
  f.get(out).i32(by).get(out).i32(by).op(op, "select").set(out);
}

/** Sets the first coordinate of a window along one axis, one past the last, and its length. */
function span(f: Func, at: Local, from: Local, to: Local, length: Local, axis: WindowAxis) {
  const { size, kernel, stride, padding } = axis;
  f.get(at).times(stride).plus(-padding).tee(from).plus(kernel).set(to);
  bound(f, to, size + padding, "i32.lt_s");
  f.get(to, from).op("i32.sub").set(length);
  bound(f, from, 0, "i32.gt_s");
  bound(f, to, size, "i32.lt_s");
}

/** Loops over the windows of one result row of image `n`, four channels and then one at a time. */
export function overWindows(
  f: Func,
  g: PoolGeometry,
  n: Local,
  oy: Local,
  body: (w: Window) => void,
) {
  const [y0, y1, x0, x1, ox, rows, columns, area, out, channel, end] = f.locals("i32", 11);
  span(f, oy, y0, y1, rows, g.y);
  f.count(ox, g.x.out, () => {
    span(f, ox, x0, x1, columns, g.x);
    f.get(rows, columns).op("i32.mul").set(area);
    f.get(n).times(g.y.out).get(oy).op("i32.add").times(g.x.out).get(ox).op("i32.add");
    f.times(4 * g.channels).set(out);
    f.i32(0).set(channel);
    for (const step of [4, 1] as const) {
      f.i32(4 * (step === 4 ? g.channels - g.channels % 4 : g.channels)).set(end);
      f.while(channel, end, 4 * step, () => body({ y0, y1, x0, x1, area, out, channel, step }));
    }
  });
}

/** Loops over the pixels of a window; `offset` is that of the pixel and channel, in bytes. */
export function overPixels(
  f: Func,
  g: PoolGeometry,
  n: Local,
  w: Window,
  body: (offset: Local) => void,
) {
  const [y, x, offset] = f.locals("i32", 3);
  f.get(w.y0).set(y);
  f.while(y, w.y1, 1, () => {
    f.get(w.x0).set(x).get(n).times(g.y.size).get(y).op("i32.add").times(g.x.size);
    f.get(x).op("i32.add").times(4 * g.channels).get(w.channel).op("i32.add").set(offset);
    f.while(x, w.x1, 1, () => {
      body(offset);
      f.advance(offset, 4 * g.channels);
    });
  });
}

/** The instruction that loads a window's channels. */
export const loadName = ({ step }: Window) => step === 4 ? "v128.load" : "v128.load32_splat";

/** Loads a window's channels from an address and an offset. */
export function load(f: Func, w: Window, base: Local, offset: Local) {
  f.get(base, offset).op("i32.add").access(loadName(w));
}

/** Stores a window's channels; the address is below them on the stack. */
export function store(f: Func, w: Window) {
  if (w.step === 4) f.access("v128.store");
  else f.storeLane(0);
}

/** Sets image `n` in a slot to zeros. */
export function clearImage(f: Func, g: PoolGeometry, n: Local, slot: number) {
  const bytes = 4 * g.y.size * g.x.size * g.channels;
  f.get(f.base(slot), n).times(bytes).op("i32.add").i32(0).i32(bytes).op("memory.fill");
}

/** Pushes the address of a window's result in a slot. */
export const resultAddress = (f: Func, w: Window, base: Local): Func =>
  f.get(base, w.out).op("i32.add").get(w.channel).op("i32.add");
