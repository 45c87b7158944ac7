/**
 * Tensors of given numbers, by their names in NumPy and PyTorch.
 *
 * @module
 */
import { type DType, showValue } from "../host_data.ts";
import type { Shape } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { checkTensor } from "./check.ts";
import { constant, iota } from "./constant.ts";
import { add, cast, equal, lessEqual, where } from "./scalar.ts";
import { reshape } from "./view.ts";

/**
 * Zeros of a shape.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.zeros([2, 2]))).join() === "0,0,0,0");
 * ```
 */
export const zeros = (shape: Shape, dtype: DType = "f32"): Tensor => constant(0, shape, dtype);

/**
 * Ones of a shape.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.ones([3], "i32"))).join() === "1,1,1");
 * ```
 */
export const ones = (shape: Shape, dtype: DType = "f32"): Tensor => constant(1, shape, dtype);

/** Throws TypeError unless numbers are finite. */
function checkNumbers(name: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [what, value] of Object.entries(numbers)) {
    if (Number.isFinite(value)) continue;
    throw new TypeError(`${name}: expected a number for ${what}, found ${showValue(value)}`);
  }
}

/**
 * Numbers from `start` to before `stop`, `step` apart, computed on the host; `arange(n)` is 0…n-1.
 *
 * @throws RangeError if there are none.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [numbers, tenths] = await run.read([ops.arange(4), ops.arange(0, 0.5, 0.25)]);
 * console.assert(numbers.join() === "0,1,2,3" && tenths.join() === "0,0.25");
 * ```
 */
export function arange(start: number, stop?: number, step = 1, dtype: DType = "f32"): Tensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  checkNumbers("arange", { start: from, stop: to, step });
  const count = Math.ceil((to - from) / step);
  if (!(count >= 1 && count < Infinity)) {
    throw new RangeError(
      `arange: expected numbers from ${from} to before ${to}, found no step of ${step}`,
    );
  }
  return tensor(Array.from({ length: count }, (_, i) => from + i * step), [count], dtype);
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included, computed on the host.
 *
 * @throws RangeError on a count below 1.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.linspace(0, 1, 5))).join() === "0,0.25,0.5,0.75,1");
 * ```
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  checkNumbers("linspace", { start, stop });
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`linspace: expected a count of at least 1, found ${showValue(count)}`);
  }
  const at = (i: number) => count === 1 ? start : start + (stop - start) * (i / (count - 1));
  return tensor(Array.from({ length: count }, (_, i) => at(i)), [count]);
}

/**
 * The identity matrix, [rows, columns], f32: ones on the diagonal.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.eye(2))).join() === "1,0,0,1");
 * ```
 */
export const eye = (rows: number, columns: number = rows): Tensor =>
  cast(equal(reshape(iota(rows), [-1, 1]), iota(columns)), "f32");

/** A matrix's elements where `row + offset ≥ column`, or elsewhere; else zeros. */
function triangle(name: string, x: Tensor, offset: number, lower: boolean): Tensor {
  checkTensor(name, x);
  if (x.rank < 2 || !Number.isInteger(offset)) {
    throw new RangeError(
      `${name}: expected matrices [..., rows, columns] and an integer offset, found ${x.rank} axes and ${
        showValue(offset)
      }`,
    );
  }
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const row = add(reshape(iota(rows), [rows, 1]), offset), column = iota(columns);
  return lower ? where(lessEqual(column, row), x, 0) : where(lessEqual(row, column), x, 0);
}

/**
 * The lower triangle of matrices [..., rows, columns], zeros above it.
 *
 * @param offset The last diagonal that is kept: 0, the main one, if left out; 1 is the one above it.
 * @throws RangeError on fewer than two axes.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.tril(tensor([[1, 2], [3, 4]])));
 * console.assert(y.join() === "1,0,3,4");
 * ```
 */
export const tril = (x: Tensor, offset = 0): Tensor => triangle("tril", x, offset, true);

/**
 * The upper triangle of matrices [..., rows, columns], zeros below it.
 *
 * @param offset The first diagonal that is kept: 0, the main one, if left out; -1 is the one below it.
 * @throws RangeError on fewer than two axes.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.triu(tensor([[1, 2], [3, 4]]), 1));
 * console.assert(y.join() === "0,2,0,0");
 * ```
 */
export const triu = (x: Tensor, offset = 0): Tensor => triangle("triu", x, offset, false);
