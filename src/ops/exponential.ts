/**
 * Functions of exponentials and logarithms that stay accurate where the plain formula cancels or overflows.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";
import { custom } from "./custom.ts";
import { broadcastOperands, type Operand } from "./operands.ts";
import { abs, add, div, exp, less, log, maximum, mul, neg, sigmoid, sub, where } from "./scalar.ts";

const one = (name: string, f: (x: Tensor) => Tensor) => (x: Operand): Tensor =>
  f(broadcastOperands(name, [x])[0]!);

/** Below this magnitude series are used, exact to f32's last digits, and the plain formulas from it on. */
const SMALL = 0.5;

/** The coefficients of (eˣ - 1) / x: 1 / (n + 1)!. */
const EXPM1 = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40_320, 1 / 362_880];

/** The coefficients of artanh(s) / s in s². */
const ARTANH = [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15];

/** A polynomial by Horner's rule; its constant comes first. */
function polynomial(x: Tensor, [first, ...others]: readonly number[]): Tensor {
  const [second, ...more] = others;
  return add(first!, mul(x, more.length === 0 ? second! : polynomial(x, others)));
}

/**
 * eˣ - 1, accurate near 0, where the difference of eˣ and 1 cancels: there by its series.
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
    (x) => where(less(abs(x), SMALL), mul(x, polynomial(x, EXPM1)), sub(exp(x), 1)),
    (cotangent, [x]) => [mul(cotangent, exp(x))],
  ),
);

/** log(1 + x) = 2 artanh(x / (2 + x)), whose argument keeps the digits of x. */
function logOfSum(x: Tensor): Tensor {
  const s = div(x, add(x, 2)), series = mul(mul(2, s), polynomial(mul(s, s), ARTANH));
  return where(less(abs(x), SMALL), series, log(add(x, 1)));
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
