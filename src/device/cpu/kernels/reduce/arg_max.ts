/**
 * The kernel of argMax over the middle axis of [outer, n, inner]: the first of equal maxima, or the first
 * NaN.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type Kernel, kernel, pass } from "../../kernel.ts";

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
    const searched = inner >= 4
      ? pass(outer, (f, row) => searchColumns(f, search, row))
      : pass(outer * inner, (f, unit) => {
        const [row, column] = coordinates(f, unit, [outer, inner]);
        searchColumn(f, search, unit, row, column);
      });
    return { passes: [searched], unfinished: true };
  },
);

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
