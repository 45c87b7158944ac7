/**
 * Scalar arithmetic where JavaScript, C and IEEE 754 disagree, or a result leaves the range of its type.
 *
 * @module
 */
import type { DType } from "../host_data.ts";

/** An integer wrapped to its type's range, as two's complement does. */
export const wrap = (dtype: DType, value: number) =>
  dtype === "f32" ? value : dtype === "i32" ? value | 0 : value >>> 0;

/** Division; of integers it truncates toward zero, and by 0 gives 0, as in NumPy. */
export const divide = (dtype: DType) => (a: number, b: number) =>
  dtype === "f32" ? a / b : b === 0 ? 0 : wrap(dtype, Math.trunc(a / b));

/** The remainder of {@linkcode divide}, with the sign of a; of an integer by 0 it is 0. */
export const modulo = (dtype: DType) => (a: number, b: number) =>
  dtype !== "f32" && b === 0 ? 0 : a % b;

/** aᵇ as in C99 and IEEE 754: unlike JavaScript's, 1 to any power and -1 to ±∞ are 1. */
export const power = (a: number, b: number) =>
  a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

/** The larger number; NaN if either is. */
export const larger = (a: number, b: number) => a >= b || Number.isNaN(a) ? a : b;
/** The smaller number; NaN if either is. */
export const smaller = (a: number, b: number) => a <= b || Number.isNaN(a) ? a : b;

/** Conversion of a float to a type: truncated toward zero, clamped to the type's range, and 0 for NaN. */
export function saturate(dtype: DType, a: number): number {
  if (dtype === "f32") return a;
  const [low, high] = dtype === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Number.isNaN(a) ? 0 : Math.trunc(Math.min(Math.max(a, low), high));
}

/** A right shift by any unsigned amount: by 32 or more, every bit is shifted out. */
export const shiftedRight = (dtype: DType) => (a: number, b: number) =>
  dtype === "i32" ? a >> Math.min(b >>> 0, 31) : b >>> 0 < 32 ? a >>> b : 0;
