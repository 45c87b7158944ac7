/**
 * The kernel of argMax over the middle axis of [outer, n, inner]: the first of equal maxima, or the first
 * NaN.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type Kernel, kernel, type Pass, pass, type Tile } from "../../kernel.ts";

/** The searched tensor [outer, n, inner] in a slot, and the slot of the indices. */
interface Search {
  readonly slot: number;
  readonly out: number;
  readonly n: number;
  readonly inner: number;
  readonly dtype: DType;
}

/** argMax. */
export const argMax: Kernel = kernel(
  ["direct"],
  ({ args: [{ shape: [outer, n, inner], dtype }], operands, out }) => {
    const search: Search = { slot: operands[0].slot!, out, n, inner, dtype };
    const size = outer * n * inner, tile = { size, grain: n * inner };
    return { passes: [searchPass(search, outer, tile)], unfinished: true };
  },
);

function searchPass(search: Search, outer: number, tile: Tile): Pass {
  const { n, inner } = search;
  if (inner === 1 && n >= LONG) return pass(outer, (f, row) => searchRow(f, search, row), tile);
  if (inner >= 4) return pass(outer, (f, row) => searchColumns(f, search, row), tile);
  return pass(outer * inner, (f, unit) => {
    const [row, column] = coordinates(f, unit, [outer, inner]);
    searchColumn(f, search, unit, row, column);
  }, inner === 1 ? tile : undefined);
}

/** The fewest elements of a row that is searched by vectors, and those that are searched at once. */
const LONG = 32, AT_ONCE = 8;

/** Searches a row: eight of its elements at a time, then the eight lanes. */
function searchRow(f: Func, { slot, out, n, dtype }: Search, row: Local) {
  const [start, pointer, end, at] = f.locals("i32", 4), [each, better] = f.locals("v128", 2);
  const lanes = [0, 4].map((first) => ({ first, best: f.local("v128"), index: f.local("v128") }));
  const place = (first: number) => f.vector(first, first + 1, first + 2, first + 3);
  const take = (pushPlace: (first: number) => void) => {
    for (const { first, best, index } of lanes) {
      f.get(pointer).access("v128.load", 4 * first).set(each);
      replacesByLane(f, each, best, dtype);
      f.set(better).get(each, best, better).op("v128.bitselect").set(best);
      pushPlace(first);
      f.get(index, better).op("v128.bitselect").set(index);
    }
  };
  pointTo(f, start, slot, () => f.get(row).times(n));
  for (const { first, best, index } of lanes) {
    f.get(start).access("v128.load", 4 * first).set(best);
    place(first).set(index);
  }
  f.get(start).plus(4 * AT_ONCE).set(pointer).get(start).plus(4 * (n - n % AT_ONCE)).set(end);
  f.i32(AT_ONCE).set(at);
  f.while(pointer, end, 4 * AT_ONCE, () => {
    take((first) => place(first).get(at).op("i32x4.splat", "i32x4.add"));
    f.advance(at, AT_ONCE);
  });
  if (n % AT_ONCE > 0) {
    f.get(start).plus(4 * (n - AT_ONCE)).set(pointer);
    take((first) => place(n - AT_ONCE + first));
  }
  f.get(f.base(out), row).times(4).op("i32.add");
  pushBest(f, lanes, dtype);
  f.access("i32.store");
}

/** Pushes the index of the best of all lanes; of equal ones the smallest. */
function pushBest(
  f: Func,
  lanes: readonly { readonly best: Local; readonly index: Local }[],
  dtype: DType,
) {
  const type = dtype === "f32" ? "f32" : "i32", [most, each] = f.locals(type, 2);
  const [index, at, other] = f.locals("i32", 3);
  lanes.forEach(({ best, index: indices }, k) => {
    for (let lane = 0; lane < 4; lane++) {
      f.get(best).lane(`${type}x4.extract_lane`, lane).set(each);
      f.get(indices).lane("i32x4.extract_lane", lane).set(at);
      if (k + lane === 0) f.get(each).set(most).get(at).set(index);
      else {
        replaces(f, most, each, dtype);
        f.op("i32.eqz").get(at, index).op("i32.lt_u", "i32.and").set(other);
        replaces(f, each, most, dtype);
        f.get(other).op("i32.or").when(() => f.get(each).set(most).get(at).set(index));
      }
    }
  });
  f.get(index);
}

/** Searches one column. */
function searchColumn(
  f: Func,
  { slot, out, n, inner, dtype }: Search,
  unit: Local,
  row: Local,
  column: Local,
) {
  const value = dtype === "f32" ? "f32" : "i32", load = `${value}.load` as const;
  const [k, pointer, index] = f.locals("i32", 3), [best, each] = f.locals(value, 2);
  pointTo(f, pointer, slot, () => f.get(row).times(n * inner).get(column).op("i32.add"));
  f.get(pointer).access(load).set(best).i32(0).set(index);
  f.count(k, n, () => {
    f.get(pointer).access(load).set(each);
    replaces(f, each, best, dtype);
    f.when(() => f.get(each).set(best).get(k).set(index));
    f.advance(pointer, 4 * inner);
  });
  f.get(f.base(out), unit).times(4).op("i32.add").get(index).access("i32.store");
}

/** Searches the columns of a result row, four at a time and then one by one. */
function searchColumns(f: Func, { slot, out, n, inner, dtype }: Search, row: Local) {
  const [k, column, end, pointer, to] = f.locals("i32", 5);
  const [best, each, index, place, better] = f.locals("v128", 5);
  const searchFour = (load: "v128.load" | "v128.load32_splat") => {
    f.get(pointer).access(load).set(best).integers(0).set(index).integers(0).set(place);
    f.count(k, n, () => {
      f.get(pointer).access(load).set(each);
      replacesByLane(f, each, best, dtype);
      f.set(better).get(each, best, better).op("v128.bitselect").set(best);
      f.get(place, index, better).op("v128.bitselect").set(index);
      f.get(place).integers(1).op("i32x4.add").set(place).advance(pointer, 4 * inner);
    });
  };
  f.i32(0).set(column);
  for (const step of [4, 1] as const) {
    f.i32(step === 4 ? inner - inner % 4 : inner).set(end);
    f.while(column, end, step, () => {
      pointTo(f, pointer, slot, () => f.get(row).times(n * inner).get(column).op("i32.add"));
      pointTo(f, to, out, () => f.get(row).times(inner).get(column).op("i32.add"));
      searchFour(step === 4 ? "v128.load" : "v128.load32_splat");
      f.get(to, index);
      if (step === 4) f.access("v128.store");
      else f.storeLane(0);
    });
  }
}

/** Whether an element replaces the maximum so far; the first NaN replaces any number. */
function replaces(f: Func, each: Local, best: Local, dtype: DType) {
  if (dtype === "f32") {
    f.get(each, best).op("f32.le", "i32.eqz").get(best, best).op("f32.eq", "i32.and");
  } else f.get(each, best).op(dtype === "i32" ? "i32.gt_s" : "i32.gt_u");
}

/** As {@linkcode replaces}, as a lane mask. */
function replacesByLane(f: Func, each: Local, best: Local, dtype: DType) {
  if (dtype === "f32") {
    f.get(best, best).op("f32x4.eq").get(each, best).op("f32x4.le", "v128.andnot");
  } else f.get(best, each).op(dtype === "i32" ? "i32x4.lt_s" : "i32x4.lt_u");
}

/** Sets `pointer` to an element of a slot. */
function pointTo(f: Func, pointer: Local, slot: number, at: () => void) {
  f.get(f.base(slot));
  at();
  f.times(4).op("i32.add").set(pointer);
}
