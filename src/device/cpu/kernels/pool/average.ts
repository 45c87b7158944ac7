/**
 * Average pooling, one row of windows per unit, and its adjoint.
 *
 * @module
 */
import { poolGeometry } from "../../../../ops/pool_geometry.ts";
import { type Kernel, kernel } from "../../kernel.ts";
import type { Local } from "../../wasm/function.ts";
import { bandsOfGradient, isDisjoint } from "./bands.ts";
import { eachVector, load, overChannels, store } from "./channels.ts";
import { rowsOfWindows } from "./rows.ts";
import { overPixels } from "./windows.ts";

/** avgPool. */
export const avgPool: Kernel = kernel(["direct"], (context) => {
  const { args: [{ shape }], attrs, operands } = context, g = poolGeometry(shape, attrs);
  const rows = rowsOfWindows(context, g, (f, w, to) => {
    const [from, pixel] = f.locals("i32", 2);
    f.get(f.base(operands[0].slot!), w.source).op("i32.add").set(from);
    overChannels(f, g.channels, [from, to], (block) => {
      const totals = f.locals("v128", block.offsets.length);
      for (const total of totals) f.floats(0).set(total);
      f.get(from).set(pixel);
      overPixels(f, g, w, w.rows, [pixel], (at) =>
        eachVector(block, (v, offset) => {
          f.get(totals[v]!);
          load(f.get(pixel), block, at + offset).op("f32x4.add").set(totals[v]!);
        }));
      eachVector(block, (v, offset) => {
        f.get(to, totals[v]!, w.divisor).op("f32x4.div");
        store(f, block, offset);
      });
    });
  });
  return { passes: [rows] };
});

/** avgPoolGradient: each window, in order, adds its share to every pixel. */
export const avgPoolGradient: Kernel = kernel(["direct"], (context) => {
  const { spec, attrs, operands, out } = context, g = poolGeometry(spec.shape, attrs);
  const adds = !isDisjoint(g);
  const bands = bandsOfGradient(context, g, undefined, (f, w) => {
    const [cotangent, target, pixel] = f.locals("i32", 3);
    f.get(f.base(operands[0].slot!), w.result).op("i32.add").set(cotangent);
    f.get(f.base(out), w.source).op("i32.add").set(target);
    if (w.before !== undefined) {
      f.get(w.before).times(4 * g.y.dilation * g.x.size * g.channels).get(target).op("i32.add").set(
        target,
      );
    }
    overChannels(f, g.channels, [cotangent, target], (block) => {
      const count = block.offsets.length;
      const shares: readonly Local[] = f.locals("v128", count), sums = f.locals("v128", count);
      eachVector(block, (v, offset) => {
        load(f.get(cotangent), block, offset).get(w.divisor).op("f32x4.div");
        // A sum is never -0.
        if (!adds) f.floats(0).op("f32x4.add");
        f.set(shares[v]!);
      });
      f.get(target).set(pixel);
      overPixels(f, g, w, w.within, [pixel], (at) => {
        // All are loaded before one is stored, since the last two may overlap.
        if (adds) {
          eachVector(block, (v, offset) => {
            load(f.get(shares[v]!, pixel), block, at + offset).op("f32x4.add").set(sums[v]!);
          });
        }
        eachVector(block, (v, offset) => {
          store(f.get(pixel, (adds ? sums[v] : shares[v])!), block, at + offset);
        });
      });
    });
  });
  return { passes: [bands] };
});
