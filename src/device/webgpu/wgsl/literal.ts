/**
 * WGSL literals, including infinities, NaN and -0.
 *
 * @module
 */
import { floatBits } from "../../../host_data.ts";
import type { DType } from "../../../host_data.ts";
import { helperCall } from "./helper_call.ts";
import { typeOf, type Width } from "./types.ts";

/** The bits of infinity, the largest that are not NaN. */
export const INFINITE = 0x7f800000;

/** The bits of a NaN. */
const NAN = 0x7fc00000;

/**
 * A literal of a type, rounded to it. Infinities, NaN and -0 are built from their bits in a function, since
 * WGSL rejects the first two as constant expressions and drops the sign of the third.
 */
export function literal(value: number, dtype: DType, width: Width): string {
  const type = typeOf(dtype, width);
  if (dtype === "u32") return `${type}(${value}u)`;
  if (dtype === "i32") return `${type}(${value})`;
  const number = Math.fround(value);
  if (!Number.isFinite(number) || Object.is(number, -0)) {
    const word = Number.isNaN(number) ? NAN : floatBits(number);
    return helperCall("from_bits", width, `${typeOf("u32", width)}(${word}u)`);
  }
  const text = String(number);
  return `${type}(${/[.e]/.test(text) ? text : `${text}.0`})`;
}
