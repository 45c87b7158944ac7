/**
 * Elementwise steps: expressions computed into slots.
 *
 * @module
 */
import type { RangeFunctions } from "../range_functions.ts";
import { type Pass, passOverRange, TABLE } from "../kernel.ts";
import type { StoreLayout } from "../store_layout.ts";

/** The pass that computes and stores what a step stores; a unit is one index. */
export function elementwise(ranges: RangeFunctions, layout: StoreLayout): Pass {
  const { size, inner, result } = layout, range = ranges.storing(layout, false);
  return passOverRange(size, (f, from, to) => {
    f.get(TABLE, from, to, result ? f.base(result.slot) : TABLE).call(range);
  }, inner === size ? { size, grain: 1 } : undefined);
}
