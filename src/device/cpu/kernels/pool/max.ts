/**
 * Max pooling, one row of windows per unit, and its adjoint, one image per unit; four channels at a time.
 *
 * @module
 */
import { type PoolGeometry, poolGeometry } from "../../../../ops/pool.ts";
import { coordinates, type Kernel, kernel, pass } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
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

/** The lane mask of elements that replace the maximum so far: larger ones, and NaN, the last one of several. */
const replaces = (f: Func, each: Local, best: Local) =>
  f.get(each, best).op("f32x4.gt").get(each, each).op("f32x4.ne", "v128.or");

/** A search for the maximum of every window of an image. */
interface Search {
  readonly g: PoolGeometry;
  /** The image's index, and the address of the searched tensor. */
  readonly n: Local;
  readonly x: Local;
  /** The maximum so far, and the current pixel. */
  readonly best: Local;
  readonly each: Local;
}

/** The callbacks of a search for the current pixel, in `each`, at an offset in bytes. */
interface Visits {
  /** For the first pixel of a window, also in `best`. */
  readonly first: (offset: Local) => void;
  /** For further pixels, assuming that the window has no NaN. */
  readonly quick: (offset: Local) => void;
  /** For further pixels, NaN included. */
  readonly exact: (offset: Local) => void;
}

/**
 * Emits the search for the maximum of a window: a quick one, and, if the sum of the pixels is NaN, an exact
 * one from the first pixel on.
 */
function search(f: Func, { g, n, x, best, each }: Search, w: Window, visits: Visits) {
  const sum = f.local("v128"), fresh = f.local("i32");
  const visitAll = (visit: (offset: Local) => void) => {
    f.i32(1).set(fresh);
    overPixels(f, g, n, w, (offset) => {
      load(f, w, x, offset);
      f.set(each).get(fresh).when(() => {
        f.get(each).set(best).i32(0).set(fresh);
        visits.first(offset);
      });
      visit(offset);
    });
  };
  f.floats(0).set(sum);
  visitAll((offset) => {
    visits.quick(offset);
    f.get(sum, each).op("f32x4.add").set(sum);
  });
  f.get(sum, sum).op("f32x4.eq", "i32x4.all_true", "i32.eqz").when(() => visitAll(visits.exact));
}

/** maxPoolSelect: the second argument at the maximum of the first. */
export const maxPoolSelect: Kernel = kernel(
  ["direct", "direct"],
  ({ args: [{ shape }], attrs, operands, out }) => {
    const g = poolGeometry(shape, attrs), [from, of] = [operands[0].slot!, operands[1].slot!];
    const rows = pass(g.batch * g.y.out, (f, unit) => {
      const [n, oy] = coordinates(f, unit, [g.batch, g.y.out]);
      const [best, chosen, each, better] = f.locals("v128", 4);
      const x = f.base(from), values = f.base(of), wanted = { g, n, x, best, each };
      // In forward pooling both arguments are the same: the result is the maximum itself.
      const largest = (w: Window) => {
        findLargest(f, wanted, w);
        return best;
      };
      const select = (w: Window) => {
        selectAtLargest(f, wanted, w, { values, chosen, better });
        return chosen;
      };
      const find = from === of ? largest : select;
      overWindows(f, g, n, oy, (w) => {
        const result = find(w);
        resultAddress(f, w, f.base(out)).get(result);
        store(f, w);
      });
    });
    return { passes: [rows], unfinished: true };
  },
);

/** Finds the maximum of a window. */
function findLargest(f: Func, wanted: Search, w: Window) {
  const { best, each } = wanted;
  search(f, wanted, w, {
    first: () => {},
    quick: () => f.get(best, each).op("f32x4.pmax").set(best),
    exact: () => f.get(best, each).op("f32x4.max").set(best),
  });
}

/** Finds the element of `values` at the maximum of a window. */
function selectAtLargest(
  f: Func,
  wanted: Search,
  w: Window,
  { values, chosen, better }: Readonly<Record<"values" | "chosen" | "better", Local>>,
) {
  const { best, each } = wanted;
  const take = (offset: Local) => {
    load(f, w, values, offset);
    f.get(chosen, better).op("v128.bitselect").set(chosen);
  };
  search(f, wanted, w, {
    first(offset) {
      load(f, w, values, offset);
      f.set(chosen);
    },
    quick(offset) {
      f.get(each, best).op("f32x4.gt").set(better);
      take(offset);
      f.get(best, each).op("f32x4.pmax").set(best);
    },
    exact(offset) {
      replaces(f, each, best).set(better);
      take(offset);
      f.get(each, best, better).op("v128.bitselect").set(best);
    },
  });
}

/** maxPoolScatter: each window, in order, adds to the pixel of its maximum. */
export const maxPoolScatter: Kernel = kernel(
  ["direct", "direct"],
  ({ args: [{ shape }], attrs, operands, out }) => {
    const g = poolGeometry(shape, attrs);
    const images = pass(g.batch, (f, n) => {
      const [best, each, place, winner, cotangent, better] = f.locals("v128", 6);
      const oy = f.local("i32");
      const x = f.base(operands[0].slot!), cotangents = f.base(operands[1].slot!);
      const places = { place, winner, better };
      clearImage(f, g, n, out);
      f.count(oy, g.y.out, () => {
        overWindows(f, g, n, oy, (w) => {
          findWinner(f, { g, n, x, best, each }, w, places);
          resultAddress(f, w, cotangents).access(loadName(w));
          f.set(cotangent).integers(0).set(place);
          overPixels(f, g, n, w, (offset) => {
            const target = () => f.get(f.base(out), offset).op("i32.add");
            target();
            target().access(loadName(w));
            f.get(cotangent, winner, place).op("i32x4.eq", "v128.and", "f32x4.add");
            store(f, w);
            increment(f, place);
          });
        });
      });
    });
    return { passes: [images], unfinished: true };
  },
);

const increment = (f: Func, place: Local) => f.get(place).integers(1).op("i32x4.add").set(place);

/** Finds the index of the maximum among the pixels of a window. */
function findWinner(
  f: Func,
  wanted: Search,
  w: Window,
  { place, winner, better }: Readonly<Record<"place" | "winner" | "better", Local>>,
) {
  const { best, each } = wanted;
  search(f, wanted, w, {
    first: () => f.integers(0).set(winner).integers(0).set(place),
    quick() {
      f.get(place, winner, each, best).op("f32x4.gt", "v128.bitselect").set(winner);
      f.get(best, each).op("f32x4.pmax").set(best);
      increment(f, place);
    },
    exact() {
      replaces(f, each, best).set(better);
      f.get(place, winner, better).op("v128.bitselect").set(winner);
      f.get(each, best, better).op("v128.bitselect").set(best);
      increment(f, place);
    },
  });
}
