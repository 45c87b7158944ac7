/**
 * What a case of an op is: inputs that a seed makes, and a function of them.
 *
 * @module
 */
import { type Shape, sizeOf } from "../../src/shape.ts";
import type { DType } from "../../src/host_data.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { hash, type Tolerance } from "../devices.ts";

/** The shape and type of an input, and how its elements come from a seed. */
export interface Input {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly element: (index: number, seed: number) => number;
}

/** One use of an op. */
export interface Case {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly f: (...xs: Tensor[]) => Tensor;
  /** Only for comparing devices: too much work for finite differences, or not smooth there. */
  readonly deviceOnly?: boolean;
  /** How far a device may be from float64; by default, a little more than a rounding error. */
  readonly tolerance?: Tolerance;
}

const between = (index: number, seed: number, low: number, high: number) =>
  low + (high - low) * (hash(index, seed) / 2 ** 32);

/** Floats in [low, high). */
export const floats = (shape: Shape, low = -1, high = 1): Input => ({
  shape,
  dtype: "f32",
  element: (i, seed) => between(i, seed, low, high),
});

/** Floats in ±[gap, 1 + gap): away from a kink at zero. */
export const awayFromZero = (shape: Shape, gap = 0.1): Input => ({
  shape,
  dtype: "f32",
  element: (i, seed) => {
    const x = between(i, seed, -1, 1);
    return x < 0 ? x - gap : x + gap;
  },
});

/** Floats in [-1, 1), no two closer than 2 / size, in no order: no ties, and no kink near by. */
export function distinct(shape: Shape): Input {
  const n = sizeOf(shape), ranks = new Map<number, number[]>();
  const rankOf = (seed: number) => {
    const order = Array.from({ length: n }, (_, i) => i)
      .sort((a, b) => hash(a, seed) - hash(b, seed));
    const rank = new Array<number>(n);
    order.forEach((at, place) => rank[at] = place);
    ranks.set(seed, rank);
    return rank;
  };
  return {
    shape,
    dtype: "f32",
    element: (i, seed) => 2 * ((ranks.get(seed) ?? rankOf(seed))[i]! + 0.5) / n - 1,
  };
}

/** Integers in [low, high). */
export const wholes = (shape: Shape, dtype: DType, low: number, high: number): Input => ({
  shape,
  dtype,
  element: (i, seed) => Math.floor(between(i, seed, low, high)),
});

/** All of i32. */
export const anyI32 = (shape: Shape): Input => wholes(shape, "i32", -(2 ** 31), 2 ** 31);

/** All of u32. */
export const anyU32 = (shape: Shape): Input => wholes(shape, "u32", 0, 2 ** 32);

/** These elements, again and again. */
export const listed = (
  values: readonly number[],
  dtype: DType = "f32",
  shape: Shape = [values.length],
): Input => ({ shape, dtype, element: (i) => values[i % values.length]! });

const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;

/** The inputs of a case as tensors of host data. */
export const tensorsOf = ({ inputs }: Pick<Case, "inputs">): Tensor[] =>
  inputs.map(({ shape, dtype, element }, seed) => {
    const values = Array.from({ length: sizeOf(shape) }, (_, i) => element(i, seed));
    return tensor(arrays[dtype].from(values), shape);
  });
