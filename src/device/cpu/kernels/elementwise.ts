/**
 * Elementwise steps: expressions computed into slots.
 *
 * @module
 */
import { hasNoViews, type RangeFunctions } from "../range_functions.ts";
import { type Pass, passOverRange, TABLE } from "../kernel.ts";
import { isAligned, type StoreLayout } from "../store_layout.ts";

/** The pass that computes and stores what a step stores. */
export function elementwise(ranges: RangeFunctions, layout: StoreLayout): Pass {
  const { size, inner, stores } = layout;
  // Vectors of expressions without views may start anywhere, so that a unit is one index.
  const inFours = isAligned(layout) && !stores.every(({ expr }) => hasNoViews(expr));
  const range = ranges.storing(layout, inFours), grain = inFours ? 4 : 1;
  return passOverRange(size / grain, (f, from, to) => {
    f.get(TABLE, from).times(grain).get(to).times(grain).call(range);
  }, inner === size ? { size, grain } : undefined);
}
