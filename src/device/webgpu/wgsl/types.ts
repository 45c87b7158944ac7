/**
 * Types and literals of WGSL.
 *
 * @module
 */
import type { DType } from "../../../host_data.ts";

/** Elements that an expression computes at once. */
export type Width = 1 | 4;

/** The WGSL type of one or four elements. */
export const typeOf = (dtype: DType, width: Width): string =>
  width === 1 ? dtype : `vec4<${dtype}>`;

/** The bits of the largest f32 numbers that are not NaN: those of infinity. */
export const INFINITE = 0x7f800000;

/** The bits of an f32. */
export const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/**
 * A literal of a type, rounded to it. Infinities, NaN and -0 are made of their bits, in a function, since
 * WGSL refuses the first two as constant expressions and forgets the sign of the third.
 */
export function literal(value: number, dtype: DType, width: Width): string {
  const type = typeOf(dtype, width);
  if (dtype === "u32") return `${type}(${value}u)`;
  if (dtype === "i32") return `${type}(${value})`;
  const number = Math.fround(value);
  if (!Number.isFinite(number) || Object.is(number, -0)) {
    const bits = typeOf("u32", width);
    return `from_bits${width}(${bits}(${Number.isNaN(number) ? 0x7fc00000 : bitsOf(number)}u))`;
  }
  const text = String(number);
  return `${type}(${/[.e]/.test(text) ? text : `${text}.0`})`;
}
