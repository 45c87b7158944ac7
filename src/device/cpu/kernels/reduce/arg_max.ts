/**
 * The kernel of argMax over the middle axis of [outer, n, inner]: the first of equal maxima, or the first
 * NaN.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import { selectName } from "../../vector_code.ts";
import type { Func, Local } from "../../wasm/function.ts";
import type { PlainName } from "../../wasm/opcodes.ts";
import { coordinates, type Kernel, kernel, type Pass, pass, type Tile } from "../../kernel.ts";

/** The searched tensor [outer, n, inner] in a slot, and the slot of the indices. */
interface Search {
  readonly slot: number;
  readonly out: number;
  readonly n: number;
  readonly inner: number;
  readonly dtype: DType;
  /** The instruction that picks lanes by a mask. */
  readonly select: PlainName;
}

/** argMax. */
export const argMax: Kernel = kernel(
  ["direct"],
  ({ args: [{ shape: [outer, n, inner], dtype }], operands, out, features }) => {
    const slot = operands[0].slot!, select = selectName(features);
    const search: Search = { slot, out, n, inner, dtype, select };
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
function searchRow(f: Func, { slot, out, n, dtype, select }: Search, row: Local) {
  const [start, pointer, end, at] = f.locals("i32", 4), [each, better] = f.locals("v128", 2);
  const lanes = [0, 4].map((first) => ({ first, best: f.local("v128"), index: f.local("v128") }));
  const place = (first: number) => f.vector(first, first + 1, first + 2, first + 3);
  const take = (pushPlace: (first: number) => void) => {
    for (const { first, best, index } of lanes) {
      f.get(pointer).access("v128.load", 4 * first).set(each);
      replacesByLane(f, each, best, dtype);
      f.set(better).get(each, best, better).op(select).set(best);
      pushPlace(first);
      f.get(index, better).op(select).set(index);
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

/** How many vectors of columns are searched at once. */
const TOGETHER = 4;

/** Searches the columns of a result row: several vectors at a time, then one, then one by one. */
function searchColumns(f: Func, search: Search, row: Local) {
  const { slot, out, n, inner } = search, [column, end, pointer, to] = f.locals("i32", 4);
  f.i32(0).set(column);
  for (const step of [4 * TOGETHER, 4, 1]) {
    if (inner < step) continue;
    f.i32(inner - inner % step).set(end);
    f.while(column, end, step, () => {
      pointTo(f, pointer, slot, () => f.get(row).times(n * inner).get(column).op("i32.add"));
      pointTo(f, to, out, () => f.get(row).times(inner).get(column).op("i32.add"));
      const load = step === 1 ? "v128.load32_splat" : "v128.load";
      searchVectors(f, search, pointer, Math.ceil(step / 4), load).forEach((index, v) => {
        f.get(to, index);
        if (step > 1) f.access("v128.store", 16 * v);
        else f.storeLane(0);
      });
    });
  }
}

/** Searches vectors of columns from a pointer on, and leaves the indices in locals. */
function searchVectors(
  f: Func,
  { n, inner, dtype, select }: Search,
  pointer: Local,
  count: number,
  load: "v128.load" | "v128.load32_splat",
): readonly Local[] {
  const k = f.local("i32"), [each, place, better] = f.locals("v128", 3);
  const columns = Array.from({ length: count }, () => {
    return { best: f.local("v128"), index: f.local("v128") };
  });
  columns.forEach(({ best, index }, v) => {
    f.get(pointer).access(load, 16 * v).set(best).integers(0).set(index);
  });
  f.integers(0).set(place);
  f.count(k, n, () => {
    columns.forEach(({ best, index }, v) => {
      f.get(pointer).access(load, 16 * v).set(each);
      replacesByLane(f, each, best, dtype);
      f.set(better).get(each, best, better).op(select).set(best);
      f.get(place, index, better).op(select).set(index);
    });
    f.get(place).integers(1).op("i32x4.add").set(place).advance(pointer, 4 * inner);
  });
  return columns.map(({ index }) => index);
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
