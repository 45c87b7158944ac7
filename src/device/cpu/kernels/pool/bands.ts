/**
 * Gradients of pooling: an image is written in bands of rows, one per unit, to which windows add in order.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool_geometry.ts";
import { extent, spanOf } from "../../../../ops/window_axis.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { startScan } from "./scan.ts";
import { overWindows, type Window } from "./windows.ts";

/** Units below which images are cut into bands, and the fewest windows of a band along y. */
const FEW_UNITS = 16, LEAST_WINDOWS = 4;

/** How many bands an image is cut into. Windows across a border are searched for both. */
export function countBands({ batch, y }: PoolGeometry): number {
  const most = Math.max(1, Math.floor(y.out / LEAST_WINDOWS));
  return Math.min(Math.ceil(FEW_UNITS / batch), most);
}

/** A window, and which of its rows a unit writes. */
export interface BandWindow extends Window {
  /** Rows before the band; undefined where there are no bands. */
  readonly before: Local | undefined;
  /** Rows inside the band, after those. */
  readonly within: Local;
}

/** Adds one window's shares to its pixels. */
type Visit = (f: Func, window: BandWindow) => void;

/** Whether windows never share a pixel, so that each writes its pixels once. */
export const isDisjoint = ({ x, y }: PoolGeometry): boolean =>
  x.stride >= extent(x) && y.stride >= extent(y);

/** Whether some pixels are in no window. */
const hasGaps = ({ x, y }: PoolGeometry): boolean =>
  [x, y].some((axis) =>
    axis.dilation > 1 || axis.stride > axis.kernel || spanOf(axis) - axis.padding < axis.size
  );

/**
 * The pass that writes the gradient of images.
 *
 * @param image The slot of images that are searched, if they are.
 * @param visit For windows without NaN, if `exact` is given for those that may have one.
 */
export function bandsOfGradient(
  context: KernelContext,
  g: PoolGeometry,
  image: number | undefined,
  visit: Visit,
  exact: Visit = visit,
): Pass {
  const bands = countBands(g), height = Math.ceil(g.y.size / bands);
  const { size, stride, dilation } = g.y, reach = extent(g.y);
  const row = g.x.size * g.channels, clears = !isDisjoint(g) || hasGaps(g);
  return pass(g.batch * bands, (f, unit) => {
    const [n, band] = coordinates(f, unit, [g.batch, bands]);
    const [from, to, oy, last, cleared, before, within, y, pointer, end] = f.locals(
      "i32",
      10,
    );
    const setBand = () => {
      f.get(band).times(height).tee(from).plus(height).set(to).atMost(to, size).atMost(from, size);
      // The first window that ends behind `from`, and one past the last that begins before `to`.
      f.get(from).plus(g.y.padding - reach + stride).tee(oy).i32(0).get(oy).i32(0);
      f.op("i32.gt_s", "select").i32(stride).op("i32.div_u").set(oy);
      f.get(to).plus(g.y.padding + stride - 1).i32(stride).op("i32.div_u").set(last);
      f.atMost(last, g.y.out);
    };
    /** Clears rows up to one of the image. */
    const clearTo = (last: () => void) => {
      f.smaller(() => f.get(to), last).set(y);
      f.get(y, cleared).op("i32.gt_u").when(() => {
        const address = (y: Local) => {
          f.get(n).times(size).get(y).op("i32.add").times(4 * row).get(f.base(context.out));
          return f.op("i32.add");
        };
        address(cleared).set(pointer);
        address(y).set(end);
        clear(f, pointer, end, row % 4 === 0);
        f.get(y).set(cleared);
      });
    };
    /** Sets how many rows of a window are before the band, and inside it. */
    const setRows = (w: Window) => {
      if (dilation > 1) return setTaps(w);
      f.get(from, w.y).op("i32.sub").i32(0).get(from, w.y).op("i32.gt_s", "select").set(before);
      f.smaller(() => f.get(w.y, w.rows).op("i32.add"), () => f.get(to));
      f.get(w.y).op("i32.sub").get(before).op("i32.sub").set(within);
    };
    /** {@linkcode setRows} where rows are apart. */
    const setTaps = (w: Window) => {
      const setBefore = (taps: Local, row: Local) => {
        f.get(row, w.y).op("i32.sub").plus(dilation - 1).tee(taps).i32(0).get(taps).i32(0);
        f.op("i32.gt_s", "select").i32(dilation).op("i32.div_u").set(taps);
        f.smaller(() => f.get(taps), () => f.get(w.rows)).set(taps);
      };
      setBefore(before, from);
      setBefore(within, to);
      f.get(within, before).op("i32.sub").set(within);
    };
    const elements = (y: Local) => f.get(n).times(size).get(y).op("i32.add").times(row);
    const visitRow = (visit: Visit) =>
      overWindows(f, g, n, oy, (window) => {
        if (bands > 1) setRows(window);
        else f.get(window.rows).set(within);
        visit(f, { ...window, before: bands > 1 ? before : undefined, within });
      });
    const scan = image === undefined ? undefined : startScan(f, g, n, image, true);
    setBand();
    context.keep(f, () => elements(from), height * row, 0);
    f.get(from).set(cleared);
    f.while(oy, last, 1, () => {
      if (clears) clearTo(() => f.get(oy).times(stride).plus(reach - g.y.padding));
      if (!scan) visitRow(visit);
      else {
        scan.rowsUnder(oy);
        f.get(scan.isNumber).when(() => visitRow(visit));
        f.get(scan.isNumber).op("i32.eqz").when(() => visitRow(exact));
      }
    });
    if (clears) clearTo(() => f.get(to));
    context.finish(f, () => elements(from), () => elements(to), row % 4 === 0);
  });
}

/** Sets bytes to zero; stores one after another are fetched ahead, and stay in the cache. */
function clear(f: Func, pointer: Local, end: Local, inVectors: boolean) {
  const zero = f.local("v128");
  f.floats(0).set(zero);
  if (inVectors) f.while(pointer, end, 16, () => f.get(pointer, zero).access("v128.store"));
  else f.while(pointer, end, 4, () => f.get(pointer, zero).storeLane(0));
}
