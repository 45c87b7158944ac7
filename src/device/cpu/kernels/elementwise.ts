/**
 * Elementwise steps: expressions computed into slots.
 *
 * @module
 */
import type { RangeFunctions } from "../range_functions.ts";
import { type Pass, pass, TABLE } from "../kernel.ts";
import { isAligned, type StoreLayout } from "../store_layout.ts";

/** Indices per unit. */
const BLOCK = 8192;

/** The pass that computes and stores what a step stores. */
export function elementwise(ranges: RangeFunctions, layout: StoreLayout): Pass {
  const { size } = layout, range = ranges.storing(layout, isAligned(layout));
  return pass(Math.ceil(size / BLOCK), (f, unit) => {
    const [from, to] = f.locals("i32", 2);
    f.get(unit).times(BLOCK).tee(from).plus(BLOCK).set(to);
    f.smaller(() => f.i32(size), () => f.get(to)).set(to);
    f.get(TABLE, from, to).call(range);
  });
}
