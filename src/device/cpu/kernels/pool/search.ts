/**
 * The search for the maximum of a window: the first of equal elements, and the last NaN before any number.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type Block, eachVector, load } from "./channels.ts";
import { overPixels, type Window } from "./windows.ts";

/** A block of channels of a window that is searched. */
export interface Searched {
  readonly g: PoolGeometry;
  readonly window: Window;
  readonly block: Block;
  /** Pointers to the block in the window's first pixel: of the searched tensor, and of others. */
  readonly from: readonly [Local, ...Local[]];
}

/** The current pixel of a search: a constant offset in bytes from pointers into the tensors. */
export interface Pixel {
  readonly at: readonly Local[];
  readonly offset: number;
}

/** What a search does beside comparing. */
export interface Visits {
  /** Before a pixel. */
  readonly pixel?: (pixel: Pixel) => void;
  /** Before a vector's maximum is replaced in the lanes of a mask. */
  readonly take?: (v: number, pixel: Pixel, better: Local) => void;
}

/** Searches a window, and returns the maximum of each vector; `exact` where some element may be NaN. */
export function search(
  f: Func,
  { g, window, block, from }: Searched,
  exact: boolean,
  { pixel, take }: Visits = {},
): readonly Local[] {
  const [each, better] = f.locals("v128", 2),
    best = f.locals("v128", block.offsets.length) as Local[];
  const at = from.map((pointer) => {
    const copy = f.local("i32");
    f.get(pointer).set(copy);
    return copy;
  });
  for (const b of best) f.floats(-Infinity).set(b);
  overPixels(f, g, window, window.rows, at, (start) => {
    pixel?.({ at, offset: start });
    eachVector(block, (v, offset) => {
      const so = best[v]!;
      load(f.get(at[0]!), block, start + offset).set(each);
      if (exact || take) {
        f.get(each, so).op("f32x4.gt");
        if (exact) f.get(each, each).op("f32x4.ne", "v128.or");
        f.set(better);
      }
      take?.(v, { at, offset: start + offset }, better);
      if (exact) f.get(each, so, better).op("v128.bitselect").set(so);
      else f.get(so, each).op("f32x4.pmax").set(so);
    });
  });
  return best;
}
