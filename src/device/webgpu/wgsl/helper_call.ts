/**
 * Calls of the helper functions that instructions and kernels share.
 *
 * @module
 */
import { helperSymbol } from "./symbols.ts";
import type { Width } from "./types.ts";

/** The helpers of one or four elements at once. */
export type HelperName =
  | "from_bits"
  | "is_nan"
  | "is_not_finite"
  | "max_or_nan"
  | "min_or_nan"
  | "positive"
  | "safe_sign"
  | "self_quotient"
  | "of_zero"
  | "over_zero"
  | "float_remainder"
  | "threefry";

/** The helpers on single numbers. */
export type ScalarHelperName = "quotient" | "remainder_bits";

/** A call of a helper; the linker adds the helper to the module. */
export const helperCall = (name: HelperName, width: Width, args: string): string =>
  `${helperSymbol(`${name}${width}`)}(${args})`;

/** A call of a helper on single numbers. */
export const scalarHelperCall = (name: ScalarHelperName, args: string): string =>
  `${helperSymbol(name)}(${args})`;
