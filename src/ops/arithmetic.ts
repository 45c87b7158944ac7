/**
 * What scalar instructions mean where JavaScript, C and IEEE 754 differ, or numbers reach a type's limits.
 *
 * @module
 */
import type { DType } from "../host_data.ts";

/** An integer as its type holds it. */
export const wrap = (dtype: DType, value: number) =>
  dtype === "f32" ? value : dtype === "i32" ? value | 0 : value >>> 0;

/** Integers have no infinity: a quotient by 0, and its remainder, are 0, as in NumPy. */
export const divide = (dtype: DType) => (a: number, b: number) =>
  dtype === "f32" ? a / b : b === 0 ? 0 : wrap(dtype, Math.trunc(a / b));

/** The remainder of {@linkcode divide}, with the sign of a. */
export const modulo = (dtype: DType) => (a: number, b: number) =>
  dtype !== "f32" && b === 0 ? 0 : a % b;

/** aᵇ by C99 and IEEE 754, which differ from JavaScript's: 1 to any power, and -1 to ±∞, are 1. */
export const power = (a: number, b: number) =>
  a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

/** What no number beats, and no NaN is dropped by. */
export const larger = (a: number, b: number) => a >= b || Number.isNaN(a) ? a : b;
/** As {@linkcode larger}, the other way. */
export const smaller = (a: number, b: number) => a <= b || Number.isNaN(a) ? a : b;

/** Towards zero; beyond the type's limits the limit, and 0 for NaN. */
export function saturate(dtype: DType, a: number): number {
  if (dtype === "f32") return a;
  const [low, high] = dtype === "i32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Number.isNaN(a) ? 0 : Math.trunc(Math.min(Math.max(a, low), high));
}

/** Bits that are shifted out are gone, however many; the amount counts as unsigned. */
export const shiftedRight = (dtype: DType) => (a: number, b: number) =>
  dtype === "i32" ? a >> Math.min(b >>> 0, 31) : b >>> 0 < 32 ? a >>> b : 0;
