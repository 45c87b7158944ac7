/**
 * Tensors without arguments: constants, and iota, the integers in order.
 *
 * @module
 */
import { checkDType, type DType, showValue } from "../host_data.ts";
import { checkShape, type Shape } from "../shape.ts";
import { apply, type MapOp, type Tensor } from "../tensor.ts";
import { wrap } from "./arithmetic.ts";
import { generator } from "./map_op.ts";

const valueOf: NonNullable<MapOp["value"]> = ({ value }) => value as number;

/** The same number everywhere. */
export const constantOp: MapOp = generator("constant", (attrs) => () => valueOf(attrs), {
  value: valueOf,
});

/** The flat index of each element. */
export const iotaOp: MapOp = generator("iota", () => (_a, _b, _c, i) => i, {
  indexed: true,
  nanFrom: [],
});

/**
 * A tensor whose elements are all `value`; integers wrap.
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.constant(7, [2, 2], "i32"));
 * console.assert(y.join() === "7,7,7,7");
 * ```
 */
export function constant(value: number, shape: Shape = [], dtype: DType = "f32"): Tensor {
  if (typeof value !== "number") {
    throw new TypeError(`constant: expected a number, found ${showValue(value)}`);
  }
  checkShape("constant", shape);
  checkDType("constant", dtype);
  if (dtype !== "f32" && !Number.isInteger(value)) {
    throw new TypeError(`constant: expected an integer for ${dtype}, found ${value}`);
  }
  return apply(constantOp, [], { value: wrap(dtype, value), shape: [...shape], dtype });
}

/**
 * The integers 0…n-1. Shape [n].
 *
 * @example
 * ```ts
 * import { open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.iota(4));
 * console.assert(y.join() === "0,1,2,3");
 * ```
 */
export function iota(n: number, dtype: DType = "i32"): Tensor {
  checkDType("iota", dtype);
  return apply(iotaOp, [], { shape: [n], dtype });
}
