/**
 * Comparisons: u32, 1 where true, else 0. They have no gradient.
 *
 * @module
 */
import type { MapOp, Tensor } from "../tensor.ts";
import { mapOp, sameSpec } from "./map_op.ts";
import { binaryFunction, type Operand } from "./operands.ts";

const comparison = (name: string, f: (a: number, b: number) => boolean): MapOp =>
  mapOp(name, () => (a, b) => Number(f(a, b)), {
    infer: (name, args) => ({ shape: sameSpec(name, args).shape, dtype: "u32" }),
  });

/** Whether two elements are equal. */
export const equalOp: MapOp = comparison("equal", (a, b) => a === b);
/** Whether the first is below the second. */
export const lessOp: MapOp = comparison("less", (a, b) => a < b);
/** Whether the first is not above the second. */
export const lessEqualOp: MapOp = comparison("lessEqual", (a, b) => a <= b);

/** 1 where a = b, else 0, as u32. Every comparison with NaN is 0. */
export const equal: (a: Operand, b: Operand) => Tensor = binaryFunction(equalOp);
/** 1 where a < b, else 0, as u32. */
export const less: (a: Operand, b: Operand) => Tensor = binaryFunction(lessOp);
/** 1 where a ≤ b, else 0, as u32. */
export const lessEqual: (a: Operand, b: Operand) => Tensor = binaryFunction(lessEqualOp);
/**
 * 1 where a > b, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.greater(tensor([1, 2, 3]), 2));
 * console.assert(y.join() === "0,0,1");
 * ```
 */
export const greater = (a: Operand, b: Operand): Tensor => less(b, a);
/**
 * 1 where a ≥ b, else 0, as u32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.greaterEqual(tensor([1, 2, 3]), 2));
 * console.assert(y.join() === "0,1,1");
 * ```
 */
export const greaterEqual = (a: Operand, b: Operand): Tensor => lessEqual(b, a);
