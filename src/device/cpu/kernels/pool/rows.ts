/**
 * Forward pooling: a row of windows per unit.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { overWindows, type Window } from "./windows.ts";

/** The pass over rows of windows; `visit` writes one window's result to an address. */
export function rowsOfWindows(
  context: KernelContext,
  g: PoolGeometry,
  visit: (f: Func, window: Window, to: Local) => void,
): Pass {
  const row = g.x.out * g.channels;
  return pass(g.batch * g.y.out, (f, unit) => {
    const [n, oy] = coordinates(f, unit, [g.batch, g.y.out]), to = f.local("i32");
    overWindows(f, g, n, oy, (window) => {
      f.get(f.base(context.out), window.result).op("i32.add").set(to);
      visit(f, window, to);
    });
    const from = () => f.get(unit).times(row);
    context.finish(f, from, () => from().plus(row), row % 4 === 0);
  });
}
