/**
 * Operands of elementwise functions: tensors and numbers are broadcast to one type and shape first, so that
 * no elementwise gradient has to undo broadcasting.
 *
 * @module
 */
import { broadcastShapes } from "../shape.ts";
import { showSpec } from "../spec.ts";
import { apply, type MapOp, Tensor } from "../tensor.ts";
import { checkOperands } from "./check.ts";
import { broadcastTo } from "./broadcast.ts";
import { constant } from "./constant.ts";

/** A tensor, or a number, which takes the other operand's type. */
export type Operand = Tensor | number;

/**
 * Broadcasts operands to tensors of one type and shape. Throws TypeError if types differ, RangeError if
 * shapes do not broadcast.
 */
export function broadcastOperands(name: string, operands: readonly Operand[]): Tensor[] {
  checkOperands(name, operands);
  const tensors = operands.filter((x) => x instanceof Tensor);
  const dtype = tensors[0]?.dtype ?? "f32";
  const shape = broadcastShapes(name, ...tensors.map((x) => x.shape));
  if (tensors.some((x) => x.dtype !== dtype)) {
    throw new TypeError(
      `${name}: expected operands of one type, found ${
        tensors.map(showSpec).join(" and ")
      }; cast one of them`,
    );
  }
  const fraction = operands.find((x) => typeof x === "number" && !Number.isInteger(x));
  if (dtype !== "f32" && fraction !== undefined) {
    throw new TypeError(
      `${name}: expected an integer beside ${showSpec(tensors[0]!)}, found ${fraction}`,
    );
  }
  return operands.map((x) =>
    x instanceof Tensor ? broadcastTo(x, shape) : constant(x, shape, dtype)
  );
}

/** An op as a function of two operands. */
export const binaryFunction = (op: MapOp) => (a: Operand, b: Operand): Tensor =>
  apply(op, broadcastOperands(op.name, [a, b]));

/** An op as a function of one operand. */
export const unaryFunction = (op: MapOp) => (x: Operand): Tensor =>
  apply(op, broadcastOperands(op.name, [x]));
