/**
 * Forward pooling: bands of rows of windows, one per unit.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool_geometry.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { countBands } from "./bands.ts";
import { startScan } from "./scan.ts";
import { overWindows, type Window } from "./windows.ts";

/** Writes one window's result to an address. */
type Visit = (f: Func, window: Window, to: Local) => void;

/**
 * The pass over rows of windows.
 *
 * @param visit For windows without NaN, if `exact` is given for those that may have one.
 */
export function rowsOfWindows(
  context: KernelContext,
  g: PoolGeometry,
  visit: Visit,
  exact?: Visit,
): Pass {
  const bands = countBands(g), height = Math.ceil(g.y.out / bands), row = g.x.out * g.channels;
  return pass(g.batch * bands, (f, unit) => {
    const [n, band] = coordinates(f, unit, [g.batch, bands]);
    const [oy, end, to] = f.locals("i32", 3);
    const scan = startScan(f, g, n, context.operands[0].slot!, exact !== undefined);
    const visitRow = (visit: Visit) =>
      overWindows(f, g, n, oy, (window) => {
        f.get(f.base(context.out), window.result).op("i32.add").set(to);
        visit(f, window, to);
      });
    const from = () => f.get(n).times(g.y.out).get(oy).op("i32.add").times(row);
    f.get(band).times(height).tee(oy).plus(height).set(end).atMost(end, g.y.out);
    f.while(oy, end, 1, () => {
      context.keep(f, from, row, 0);
      scan.rowsUnder(oy);
      if (exact) {
        f.get(scan.isNumber).when(() => visitRow(visit));
        f.get(scan.isNumber).op("i32.eqz").when(() => visitRow(exact));
      } else visitRow(visit);
      context.finish(f, from, () => from().plus(row), row % 4 === 0);
    });
  });
}
