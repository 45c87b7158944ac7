/**
 * Average pooling, one row of windows per unit, and its adjoint, one image per unit; four channels at a
 * time.
 *
 * @module
 */
import { poolGeometry } from "../../../../ops/pool.ts";
import { coordinates, type Kernel, kernel, pass } from "../../kernel.ts";
import type { Func } from "../../wasm/function.ts";
import {
  clearImage,
  load,
  loadName,
  overPixels,
  overWindows,
  resultAddress,
  store,
  type Window,
} from "./windows.ts";

/** Pushes the divisor of the mean. */
const loadArea = (f: Func, w: Window) => f.get(w.area).op("i32x4.splat", "f32x4.convert_i32x4_s");

/** avgPool. */
export const avgPool: Kernel = kernel(["direct"], ({ args: [{ shape }], attrs, operands, out }) => {
  const g = poolGeometry(shape, attrs);
  const rows = pass(g.batch * g.y.out, (f, unit) => {
    const [n, oy] = coordinates(f, unit, [g.batch, g.y.out]), total = f.local("v128");
    overWindows(f, g, n, oy, (w) => {
      f.floats(0).set(total);
      overPixels(f, g, n, w, (offset) => {
        f.get(total);
        load(f, w, f.base(operands[0].slot!), offset);
        f.op("f32x4.add").set(total);
      });
      resultAddress(f, w, f.base(out)).get(total);
      loadArea(f, w).op("f32x4.div");
      store(f, w);
    });
  });
  return { passes: [rows], unfinished: true };
});

/** avgPoolGradient: each window, in order, adds its share to every pixel. */
export const avgPoolGradient: Kernel = kernel(["direct"], ({ spec, attrs, operands, out }) => {
  const g = poolGeometry(spec.shape, attrs);
  const images = pass(g.batch, (f, n) => {
    const share = f.local("v128"), oy = f.local("i32");
    clearImage(f, g, n, out);
    f.count(oy, g.y.out, () => {
      overWindows(f, g, n, oy, (w) => {
        resultAddress(f, w, f.base(operands[0].slot!)).access(loadName(w));
        loadArea(f, w).op("f32x4.div").set(share);
        overPixels(f, g, n, w, (offset) => {
          const target = () => f.get(f.base(out), offset).op("i32.add");
          target();
          target().access(loadName(w)).get(share).op("f32x4.add");
          store(f, w);
        });
      });
    });
  });
  return { passes: [images], unfinished: true };
});
