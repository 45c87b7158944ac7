/**
 * The search for the maximum of a window: the first of equal elements, and the last NaN before any number.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool.ts";
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

/** The state of a search: of each vector the maximum so far, and the current pixel's element. */
export interface Search {
  readonly best: readonly Local[];
  readonly each: Local;
  /** The pointers at the current row of pixels. */
  readonly at: readonly [Local, ...Local[]];
}

/** What a search does beside comparing. */
export interface Visits {
  /** Before the first pixel. */
  readonly start?: () => void;
  /** Before a vector's maximum is replaced in the lanes of a mask. */
  readonly take?: (v: number, offset: number, better: Local) => void;
  /** Behind each pixel. */
  readonly next?: () => void;
}

/**
 * Emits a search. It is quick, but where the sum of some channel's pixels is NaN it starts again, by
 * `exact`, which takes NaN for the largest.
 *
 * @param exact What the second search does; as the first if left out.
 * @param behind Emits what follows a quick search or an exact one.
 */
export function search(
  f: Func,
  { g, window, block, from }: Searched,
  visits: (search: Search) => { readonly quick: Visits; readonly exact: Visits },
  behind: { readonly quick?: (s: Search) => void; readonly exact?: (s: Search) => void } = {},
): Search {
  const [each, better, sum] = f.locals("v128", 3);
  const best = Array.from({ length: block.vectors }, () => f.local("v128"));
  const sums = best.map(() => f.local("v128"));
  const at = from.map(() => f.local("i32")) as unknown as Search["at"];
  const state: Search = { best, each, at }, { quick, exact } = visits(state);
  const walk = ({ start, next }: Visits, visit: (v: number, offset: number) => void) => {
    for (const b of best) f.floats(-Infinity).set(b);
    from.forEach((pointer, k) => f.get(pointer).set(at[k]!));
    start?.();
    overPixels(f, g, window, window.rows, at, (pixel) => {
      eachVector(block, (v, offset) => {
        load(f.get(at[0]), block, pixel + offset).set(each);
        visit(v, pixel + offset);
      });
      next?.();
    });
  };
  for (const s of sums) f.floats(0).set(s);
  walk(quick, (v, offset) => {
    if (quick.take) {
      f.get(each, best[v]!).op("f32x4.gt").set(better);
      quick.take(v, offset, better);
    }
    f.get(best[v]!, each).op("f32x4.pmax").set(best[v]!);
    f.get(sums[v]!, each).op("f32x4.add").set(sums[v]!);
  });
  f.get(...sums);
  for (let v = 1; v < sums.length; v++) f.op("f32x4.add");
  const isNumber = f.local("i32");
  f.tee(sum).get(sum).op("f32x4.eq", "i32x4.all_true").tee(isNumber).op("i32.eqz").when(() => {
    walk(exact, (v, offset) => {
      f.get(each, best[v]!).op("f32x4.gt").get(each, each).op("f32x4.ne", "v128.or").set(better);
      exact.take?.(v, offset, better);
      f.get(each, best[v]!, better).op("v128.bitselect").set(best[v]!);
    });
    behind.exact?.(state);
  });
  if (behind.quick) f.get(isNumber).when(() => behind.quick!(state));
  return state;
}
