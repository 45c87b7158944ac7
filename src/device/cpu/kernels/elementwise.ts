/**
 * Elementwise steps: an expression computed into a slot.
 *
 * @module
 */
import type { Region } from "../../../ops/concat.ts";
import type { Expr } from "../../../plan/expr.ts";
import type { RangeFunctions } from "../range_functions.ts";
import { type Pass, pass, TABLE } from "../kernel.ts";

/** Elements per unit. */
const BLOCK = 8192;

/** The pass that computes an expression into a slot, or a region of it. */
export function elementwise(
  ranges: RangeFunctions,
  e: Expr,
  size: number,
  slot: number,
  { inner, stride }: Pick<Region, "inner" | "stride"> = { inner: size, stride: size },
): Pass {
  const range = ranges.of(e, size % 4 === 0 && inner % 4 === 0);
  return pass(Math.ceil(size / BLOCK), (f, unit) => {
    const [from, to] = f.locals("i32", 2);
    f.get(unit).times(BLOCK).tee(from).plus(BLOCK).set(to);
    f.smaller(() => f.i32(size), () => f.get(to)).set(to);
    const storeWhole = () =>
      f.get(TABLE, f.base(slot), from).times(4).op("i32.add").get(from, to).call(range);
    const storeRows = () => {
      const [row, end] = f.locals("i32", 2);
      f.loop(() => {
        f.get(from).i32(inner).op("i32.div_u").tee(row).plus(1).times(inner).tee(end);
        f.get(to, end, to).op("i32.lt_u", "select").set(end);
        f.get(TABLE, f.base(slot), row).times(stride - inner).get(from).op("i32.add").times(4);
        f.op("i32.add").get(from, end).call(range);
        f.get(end).tee(from).get(to).op("i32.lt_u").exitIf(0);
      });
    };
    if (inner < size) storeRows();
    else storeWhole();
  });
}
