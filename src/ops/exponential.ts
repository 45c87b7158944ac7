/**
 * Functions of exponentials and logarithms that stay accurate where the plain formula cancels or overflows.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";
import { custom } from "./custom.ts";
import { broadcastOperands, type Operand } from "./operands.ts";
import { abs, add, div, equal, exp, greater, log, maximum, mul, neg } from "./scalar.ts";
import { sigmoid, sub, tanh, where } from "./scalar.ts";

const one = (name: string, f: (x: Tensor) => Tensor) => (x: Operand): Tensor =>
  f(broadcastOperands(name, [x])[0]!);

/**
 * eˣ - 1, accurate near 0, where the difference of eˣ and 1 cancels: tanh(x / 2) · (eˣ + 1).
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const [small, none] = await run.read(ops.expm1(tensor([1e-6, -Infinity])));
 * console.assert(Math.abs(small! / 1e-6 - 1) < 1e-5 && none === -1);
 * ```
 */
export const expm1: (x: Operand) => Tensor = one(
  "expm1",
  custom(
    "expm1",
    (x) => mul(tanh(mul(x, 0.5)), add(exp(x), 1)),
    (cotangent, [x]) => [mul(cotangent, exp(x))],
  ),
);

/** log u · x / (u - 1), where u is 1 + x as rounded: the rounding of u leaves the quotient. */
function logOfSum(x: Tensor): Tensor {
  const u = add(x, 1), rounded = mul(log(u), div(x, sub(u, 1)));
  return where(greater(x, 1), log(u), where(equal(u, 1), x, rounded));
}

/**
 * log(1 + x), accurate near 0, where 1 + x rounds.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const [small, large] = await run.read(ops.log1p(tensor([1e-6, Infinity])));
 * console.assert(Math.abs(small! / 1e-6 - 1) < 1e-5 && large === Infinity);
 * ```
 */
export const log1p: (x: Operand) => Tensor = one(
  "log1p",
  custom("log1p", logOfSum, (cotangent, [x]) => [div(cotangent, add(x, 1))]),
);

/**
 * log(1 + eˣ), a smooth form of max(0, x), without overflow; its derivative is `sigmoid`.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.softplus(tensor([-1000, 0, 1000])));
 * console.assert(y[0] === 0 && Math.abs(y[1]! - Math.LN2) < 1e-6 && y[2] === 1000);
 * ```
 */
export const softplus: (x: Operand) => Tensor = one(
  "softplus",
  custom(
    "softplus",
    (x) => add(maximum(0, x), log1p(exp(neg(abs(x))))),
    (cotangent, [x]) => [mul(cotangent, sigmoid(x))],
  ),
);
