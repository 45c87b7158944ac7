/**
 * Elementary functions made of instructions: rounding, clipping, powers, sine and cosine.
 *
 * @module
 */
import type { Tensor } from "../tensor.ts";
import { custom } from "./custom.ts";
import { broadcastOperands, type Operand } from "./operands.ts";
import { add, div, equal, floor, greater, less, maximum, minimum, mul } from "./scalar.ts";
import { neg, sqrt, sub, where } from "./scalar.ts";

const one = (name: string, f: (x: Tensor) => Tensor) => (x: Operand): Tensor =>
  f(broadcastOperands(name, [x])[0]!);

/**
 * The smallest integer not below x, f32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.ceil(tensor([1.2, -1.2, 3])))).join() === "2,-1,3");
 * ```
 */
export const ceil: (x: Operand) => Tensor = one("ceil", (x) => neg(floor(neg(x))));

/** The nearest integer, of two equally near ones the even one. */
function roundToEven(x: Tensor): Tensor {
  const below = floor(x), rest = sub(x, below), above = add(below, 1);
  const even = equal(mul(floor(mul(below, 0.5)), 2), below);
  const ofTies = where(even, below, above);
  // An infinity less itself would be NaN.
  const near = where(less(rest, 0.5), below, where(greater(rest, 0.5), above, ofTies));
  return where(equal(below, x), x, near);
}

/**
 * The nearest integer, f32; halves go to the even neighbor, as in NumPy and PyTorch.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.round(tensor([0.5, 1.5, 2.4, -2.6])));
 * console.assert(y.join() === "0,2,2,-3");
 * ```
 */
export const round: (x: Operand) => Tensor = one("round", roundToEven);

/**
 * x within bounds: min(max(x, low), high). Gradients pass where x is within.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.clip(tensor([-2, 0.5, 9]), 0, 1))).join() === "0,0.5,1");
 * ```
 */
export const clip = (x: Operand, low: Operand, high: Operand): Tensor =>
  minimum(maximum(x, low), high);

/**
 * x².
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.square(tensor([-3, 2])))).join() === "9,4");
 * ```
 */
export const square = (x: Operand): Tensor => mul(x, x);

/**
 * 1 / √x.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.rsqrt(tensor([4])))).join() === "0.5");
 * ```
 */
export const rsqrt = (x: Operand): Tensor => div(1, sqrt(x));

/** π in parts: products of the first two with integers up to 2¹³ are exact in f32. */
const PI = [3.140625, 9.67502593994140625e-4, 1.509957990978376432e-7] as const;

/** Coefficients of sin r / r in r², for |r| ≤ π / 2: those of Taylor's series. */
const SINE = [
  -1 / 6,
  1 / 120,
  -1 / 5040,
  1 / 362880,
  -1 / 39916800,
  1 / 6227020800,
  -1 / 1307674368000,
];

/** ± sin(x - k π), where k is the integer, or the integer and a half, nearest to x / π. */
function sineOf(x: Tensor, shift: number): Tensor {
  const turns = floor(add(mul(x, 1 / Math.PI), 0.5 + shift)), k = sub(turns, shift);
  const r = PI.reduce((rest, part) => sub(rest, mul(k, part)), x), squared = mul(r, r);
  const series = SINE.reduceRight<Operand>((sum, c) => add(mul(sum, squared), c), 0);
  const value = add(r, mul(mul(r, squared), series));
  const isOdd = greater(sub(turns, mul(floor(mul(turns, 0.5)), 2)), 0.5);
  return where(isOdd, neg(value), value);
}

/**
 * The sine of x in radians, f32; accurate to 1e-6 for |x| up to 10⁴.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const y = await run.read(ops.sin(tensor([0, Math.PI / 2, 100])));
 * console.assert([0, 1, Math.sin(100)].every((v, i) => Math.abs(v - y[i]!) < 1e-6));
 * ```
 */
export const sin: (x: Operand) => Tensor = one(
  "sin",
  custom("sin", (x) => sineOf(x, 0), (cotangent, [x]) => [mul(cotangent, cos(x))]),
);

/**
 * The cosine of x in radians, f32; accurate to 1e-6 for |x| up to 10⁴.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const y = await run.read(ops.cos(tensor([0, Math.PI, 100])));
 * console.assert([1, -1, Math.cos(100)].every((v, i) => Math.abs(v - y[i]!) < 1e-6));
 * ```
 */
export const cos: (x: Operand) => Tensor = one(
  "cos",
  // sin(x + π / 2): half of π more.
  custom("cos", (x) => sineOf(x, 0.5), (cotangent, [x]) => [neg(mul(cotangent, sin(x)))]),
);
