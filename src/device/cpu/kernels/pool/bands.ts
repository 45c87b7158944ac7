/**
 * Gradients of pooling: an image is written in bands of rows, one per unit, to which windows add in order.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type Block, load, store } from "./channels.ts";
import { overWindows, type Window } from "./windows.ts";

/** Units below which images are cut into bands, and the fewest windows of a band along y. */
const FEW_UNITS = 16, LEAST_WINDOWS = 4;

/** How many bands an image is cut into. Windows across a border are searched for both. */
function countBands({ batch, y }: PoolGeometry): number {
  const most = Math.max(1, Math.floor(y.out / LEAST_WINDOWS));
  return Math.min(Math.ceil(FEW_UNITS / batch), most);
}

/** A window, and which of its rows a unit writes. */
export interface Visited {
  readonly window: Window;
  /** Rows of the window before the band; undefined where there are no bands. */
  readonly before: Local | undefined;
  /** Rows of the window inside the band, after those. */
  readonly within: Local;
}

/** Whether windows never share a pixel, so that each writes its pixels once. */
export const isDisjoint = ({ x, y }: PoolGeometry): boolean =>
  x.stride >= x.kernel && y.stride >= y.kernel;

/** Whether some pixels are in no window. */
const hasGaps = ({ x, y }: PoolGeometry): boolean =>
  [x, y].some(({ size, kernel, stride, out, padding }) =>
    stride > kernel || (out - 1) * stride + kernel - padding < size
  );

/** The pass that writes the gradient of images; `visit` adds one window's to its pixels. */
export function bandsOfGradient(
  context: KernelContext,
  g: PoolGeometry,
  visit: (f: Func, window: Visited) => void,
): Pass {
  const bands = countBands(g), height = Math.ceil(g.y.size / bands), { size, kernel, stride } = g.y;
  const row = g.x.size * g.channels, clears = !isDisjoint(g) || hasGaps(g);
  return pass(g.batch * bands, (f, unit) => {
    const [n, band] = coordinates(f, unit, [g.batch, bands]);
    const [from, to, oy, last, cleared, before, within, y] = f.locals("i32", 8);
    const setBand = () => {
      f.get(band).times(height).tee(from).plus(height).set(to).atMost(to, size).atMost(from, size);
      // The first window that ends behind `from`, and one past the last that begins before `to`.
      f.get(from).plus(g.y.padding - kernel + stride).tee(oy).i32(0).get(oy).i32(0);
      f.op("i32.gt_s", "select").i32(stride).op("i32.div_u").set(oy);
      f.get(to).plus(g.y.padding + stride - 1).i32(stride).op("i32.div_u").set(last);
      f.atMost(last, g.y.out);
    };
    /** Clears rows up to one of the image. */
    const clearTo = (end: () => void) => {
      f.smaller(() => f.get(to), end).set(y);
      f.get(y, cleared).op("i32.gt_u").when(() => {
        f.get(n).times(size).get(cleared).op("i32.add").times(4 * row).get(f.base(context.out));
        f.op("i32.add").i32(0).get(y, cleared).op("i32.sub").times(4 * row).op("memory.fill");
        f.get(y).set(cleared);
      });
    };
    /** Sets how many rows of a window are before the band, and inside it. */
    const setRows = (w: Window) => {
      f.get(from, w.y).op("i32.sub").i32(0).get(from, w.y).op("i32.gt_s", "select").set(before);
      f.smaller(() => f.get(w.y, w.rows).op("i32.add"), () => f.get(to));
      f.get(w.y).op("i32.sub").get(before).op("i32.sub").set(within);
    };
    const elements = (y: Local) => f.get(n).times(size).get(y).op("i32.add").times(row);
    setBand();
    f.get(from).set(cleared);
    f.while(oy, last, 1, () => {
      if (clears) clearTo(() => f.get(oy).times(stride).plus(kernel - g.y.padding));
      overWindows(f, g, n, oy, (window) => {
        if (bands > 1) setRows(window);
        else f.get(window.rows).set(within);
        visit(f, { window, before: bands > 1 ? before : undefined, within });
      });
    });
    if (clears) clearTo(() => f.get(to));
    context.finish(f, () => elements(from), () => elements(to), row % 4 === 0);
  });
}

/** Clears the lanes of the vector on the stack that the block before gives too, if windows add. */
export function onlyFresh(f: Func, g: PoolGeometry, { repeated }: Block): Func {
  if (repeated === 0 || isDisjoint(g)) return f;
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => lane < repeated ? 0 : ~0 >>> 0) as Words;
  return f.vector(a, b, c, d).op("v128.and");
}

type Words = [number, number, number, number];

/** Adds to a vector of the target, or writes it if windows are disjoint, what `share` pushes. */
export function give(
  f: Func,
  g: PoolGeometry,
  block: Block,
  target: Local,
  offset: number,
  share: () => void,
) {
  f.get(target);
  share();
  if (!isDisjoint(g)) load(f.get(target), block, offset).op("f32x4.add");
  store(f, block, offset);
}
