/**
 * Logic on the u32 of comparisons, and tests of floats. They have no gradient.
 *
 * @module
 */
import type { Axes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkTensor } from "./check.ts";
import type { Operand } from "./operands.ts";
import { max, type ReduceOptions } from "./reduce.ts";
import { abs, equal, less, mul, sub } from "./scalar.ts";

/** 1 where x is 0 (false), else 0, as u32. */
const isZero = (x: Operand): Tensor => equal(x, 0);

/**
 * 1 where a ≠ b, else 0, as u32; NaN differs from everything.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.notEqual(tensor([1, 2]), 2))).join() === "1,0");
 * ```
 */
export const notEqual = (a: Operand, b: Operand): Tensor => sub(1, equal(a, b));

/**
 * 1 where x is 0, else 0, as u32: not x.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.logicalNot(tensor([0, 7])))).join() === "1,0");
 * ```
 */
export const logicalNot = (x: Operand): Tensor => isZero(x);

/**
 * 1 where neither a nor b is 0, else 0, as u32: a and b.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 5, 9]);
 * const between = ops.logicalAnd(ops.greater(x, 2), ops.less(x, 8));
 * console.assert((await run.read(between)).join() === "0,1,0");
 * ```
 */
export const logicalAnd = (a: Operand, b: Operand): Tensor => mul(notEqual(a, 0), notEqual(b, 0));

/**
 * 1 where a or b is not 0, else 0, as u32: a or b.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([1, 5, 9]);
 * const outside = ops.logicalOr(ops.less(x, 2), ops.greater(x, 8));
 * console.assert((await run.read(outside)).join() === "1,0,1");
 * ```
 */
export const logicalOr = (a: Operand, b: Operand): Tensor => sub(1, mul(isZero(a), isZero(b)));

/**
 * 1 where x is NaN, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.isNaN(tensor([1, NaN])))).join() === "0,1");
 * ```
 */
export const isNaN = (x: Tensor): Tensor => notEqual(x, x);

/**
 * 1 where x is neither infinite nor NaN, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.isFinite(tensor([1, NaN, -Infinity])))).join() === "1,0,0");
 * ```
 */
export const isFinite = (x: Tensor): Tensor => less(abs(x), Infinity);

/**
 * 1 where any element along axes (all if left out) is not 0, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.any(tensor([[0, 2], [0, 0]]), 1))).join() === "1,0");
 * ```
 */
export function any(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  checkTensor("any", x);
  return max(notEqual(x, 0), axes, options);
}

/**
 * 1 where all elements along axes (all if left out) are not 0, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.all(tensor([[1, 2], [0, 3]]), 1))).join() === "1,0");
 * ```
 */
export function all(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  checkTensor("all", x);
  return sub(1, max(isZero(x), axes, options));
}
