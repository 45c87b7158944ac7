/**
 * Checks of the arguments of ops: that tensors are tensors and lists are lists, in one sentence.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { showList } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** What to do about a value that is no tensor. */
function hint(x: unknown): string {
  if (Array.isArray(x) || ArrayBuffer.isView(x)) return "; tensor() converts arrays of numbers";
  if (typeof x === "number") return `; tensor(${x}) is a tensor of it`;
  return "";
}

/** Throws TypeError unless an argument is a tensor. */
export function checkTensor(name: string, x: unknown): asserts x is Tensor {
  if (x instanceof Tensor) return;
  throw new TypeError(`${name}: expected a tensor, found ${showValue(x)}${hint(x)}`);
}

/** Throws TypeError unless an argument is a list of tensors. */
export function checkTensors(name: string, xs: unknown): asserts xs is readonly Tensor[] {
  if (!Array.isArray(xs)) {
    throw new TypeError(`${name}: expected an array of tensors, found ${showValue(xs)}`);
  }
  for (const x of xs) checkTensor(name, x);
}

/** Throws TypeError unless every operand of an elementwise op is a tensor or a number. */
export function checkOperands(name: string, operands: readonly unknown[]): void {
  const at = operands.findIndex((x) => typeof x !== "number" && !(x instanceof Tensor));
  if (at < 0) return;
  const x = operands[at], isOne = operands.length === 1;
  const expected = isOne ? "a tensor or a number" : "tensors and numbers";
  const which = isOne ? "" : ` as operand ${at + 1}`;
  throw new TypeError(`${name}: expected ${expected}, found ${showValue(x)}${which}${hint(x)}`);
}

/** Throws RangeError unless an argument is a list of integers; `what` names it. */
export function checkIntegers(name: string, what: string, list: unknown): void {
  if (Array.isArray(list) && list.every(Number.isInteger)) return;
  throw new RangeError(`${name}: expected an array of integers, found ${what} ${showList(list)}`);
}
