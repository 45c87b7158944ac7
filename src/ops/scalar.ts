/**
 * The scalar instructions: every elementwise op is one of them, lowered once by each device. Each has its
 * cost and its algebraic properties here, for the planner and the devices (see {@linkcode MapOp}).
 *
 * @module
 */
import {
  divide,
  larger,
  modulo,
  power,
  saturate,
  shiftedRight,
  smaller,
  wrap,
} from "./arithmetic.ts";
import { checkDType, type DType } from "../host_data.ts";
import { broadcastShapes } from "../shape.ts";
import { apply, type MapOp, Tensor } from "../tensor.ts";
import { threefry as threefryWords } from "../threefry.ts";
import type { Tuple } from "../tuple.ts";
import { broadcastTo, broadcastToOp } from "./broadcast.ts";
import { equal, equalOp, lessEqual, lessEqualOp, lessOp } from "./comparison.ts";
import { constant, constantOp, iotaOp } from "./constant.ts";
import { errorFunction } from "./error_function.ts";
import { binary, choiceSpec, floatSpec, integerSpec, mapOp, unary } from "./map_op.ts";
import { checkOperands, checkTensor } from "./check.ts";
import { binaryFunction, broadcastOperands, type Operand, unaryFunction } from "./operands.ts";
import { reshapeOp } from "./view.ts";

export { equal, greater, greaterEqual, less, lessEqual } from "./comparison.ts";
export { constant, iota } from "./constant.ts";
export type { Operand } from "./operands.ts";

/** The name of a scalar instruction. */
export type ScalarName =
  | "constant"
  | "iota"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "remainder"
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "abs"
  | "sign"
  | "floor"
  | "pow"
  | "maximum"
  | "minimum"
  | "equal"
  | "less"
  | "lessEqual"
  | "where"
  | "cast"
  | "shiftRight"
  | "threefry";

/** The name of an instruction that devices lower; constants are literals instead. */
export type Instruction = Exclude<ScalarName, "constant">;

/** Whether a tensor is the constant 1, broadcast or not, as the cotangent of a sum is. */
function isOne({ op, args, attrs }: Tensor): boolean {
  if (op === broadcastToOp || op === reshapeOp) return isOne(args[0]!);
  return op === constantOp && attrs.value === 1;
}

/** Every scalar instruction by name. A device's lowering table has these keys, without `constant`. */
export const SCALAR_OPS: Readonly<Record<ScalarName, MapOp>> = {
  constant: constantOp,
  iota: iotaOp,
  add: mapOp("add", binary((a, b) => a + b), {
    vjp: (g) => [g, g],
    identity: 0,
    additive: true,
  }),
  sub: mapOp("sub", binary((a, b) => a - b), { vjp: (g) => [g, neg(g)], additive: true }),
  mul: mapOp(
    "mul",
    (_, dtype) => dtype === "f32" ? (a, b) => a * b : (a, b) => wrap(dtype, Math.imul(a, b)),
    { vjp: (g, [a, b]) => isOne(g) ? [b, a] : [mul(g, b), mul(g, a)], linear: [0, 1] },
  ),
  div: mapOp("div", (_, dtype) => divide(dtype), {
    vjp: (g, [, b], y) => [div(g, b), neg(div(mul(g, y), b))],
    cost: 4,
    linear: [0],
  }),
  remainder: mapOp("remainder", (_, dtype) => modulo(dtype), {
    vjp: (g, [a, b]) => [g, neg(mul(g, sub(div(a, b), div(remainder(a, b), b))))],
    cost: 8,
  }),
  neg: mapOp("neg", (_, dtype) => (a) => wrap(dtype, -a), {
    vjp: (g) => [neg(g)],
    nanFrom: [0],
    linear: [0],
  }),
  exp: mapOp("exp", unary(Math.exp), {
    vjp: (g, _, y) => [mul(g, y)],
    infer: floatSpec,
    cost: 8,
    nanFrom: [0],
  }),
  log: mapOp("log", unary(Math.log), {
    vjp: (g, [x]) => [div(g, x)],
    infer: floatSpec,
    cost: 8,
  }),
  sqrt: mapOp("sqrt", unary(Math.sqrt), {
    vjp: (g, _, y) => [div(g, mul(y, 2))],
    infer: floatSpec,
    cost: 4,
  }),
  tanh: mapOp("tanh", unary(Math.tanh), {
    vjp: (g, _, y) => [mul(g, sub(1, mul(y, y)))],
    infer: floatSpec,
    cost: 16,
    nanFrom: [0],
  }),
  sigmoid: mapOp("sigmoid", unary((x) => 1 / (1 + Math.exp(-x))), {
    vjp: (g, _, y) => [mul(g, mul(y, sub(1, y)))],
    infer: floatSpec,
    cost: 12,
    nanFrom: [0],
  }),
  erf: mapOp("erf", unary(errorFunction), {
    vjp: (g, [x]) => [mul(g, mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))))],
    infer: floatSpec,
    cost: 24,
    nanFrom: [0],
  }),
  abs: mapOp("abs", (_, dtype) => (a) => wrap(dtype, Math.abs(a)), {
    vjp: (g, [x]) => [mul(g, sign(x))],
    nanFrom: [0],
  }),
  sign: mapOp("sign", unary((x) => Number(x > 0) - Number(x < 0)), { nanFrom: [] }),
  floor: mapOp("floor", unary(Math.floor), { infer: floatSpec, nanFrom: [0] }),
  pow: mapOp("pow", binary(power), {
    vjp: (g, [a, b], y) => {
      // 0ᵇ does not depend on b where b ≥ 0. There the logarithm is that of 1, so that its own gradient is
      // not NaN.
      const still = mul(equal(a, 0), lessEqual(0, b));
      return [
        where(equal(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1))))),
        where(still, 0, mul(g, mul(y, log(where(still, 1, a))))),
      ];
    },
    infer: floatSpec,
    cost: 16,
  }),
  maximum: mapOp("maximum", binary(larger), {
    vjp: (g, [a, b]) => [where(lessEqual(b, a), g, 0), where(lessEqual(b, a), 0, g)],
    nanFrom: [0, 1],
  }),
  minimum: mapOp("minimum", binary(smaller), {
    vjp: (g, [a, b]) => [where(lessEqual(a, b), g, 0), where(lessEqual(a, b), 0, g)],
    nanFrom: [0, 1],
  }),
  equal: equalOp,
  less: lessOp,
  lessEqual: lessEqualOp,
  where: mapOp("where", () => (c, a, b) => c !== 0 ? a : b, {
    vjp: (g, [c]) => [null, where(c, g, 0), where(c, 0, g)],
    infer: choiceSpec,
    nanFrom: [1, 2],
  }),
  cast: {
    ...mapOp(
      "cast",
      ({ from }, dtype) => (a) => from === "f32" ? saturate(dtype, a) : wrap(dtype, a),
      { vjp: (g, [x]) => [x.dtype === "f32" ? g : null], nanFrom: [] },
    ),
    infer: ([x], attrs) => ({ shape: x.shape, dtype: attrs.dtype as DType }),
  },
  shiftRight: mapOp("shiftRight", (_, dtype) => shiftedRight(dtype), { infer: integerSpec }),
  threefry: mapOp(
    "threefry",
    (attrs) => (k0, k1, counter) =>
      threefryWords([k0, k1], counter, attrs.purpose as number)[attrs.word as number]!,
    { cost: 80 },
  ),
};

/** a + b. Operands broadcast by NumPy's rule, as for every function of two operands here. */
export const add: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.add);
/** a - b. */
export const sub: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.sub);
/** a · b. */
export const mul: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.mul);
/** a / b; integers truncate toward zero, and their a / 0 is 0. */
export const div: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.div);
/** The remainder of a / b, exact, with the sign of a; for integers, that by 0 is 0. */
export const remainder: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.remainder);
/** The larger of a and b, NaN if either is; a gets the gradient where they are equal. */
export const maximum: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.maximum);
/** The smaller of a and b, NaN if either is; a gets the gradient where they are equal. */
export const minimum: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.minimum);
/** a shifted right by b bits (32 or more shift out every bit); u32 fills with zeros, i32 with the sign. */
export const shiftRight: (a: Operand, b: Operand) => Tensor = binaryFunction(SCALAR_OPS.shiftRight);
/** -x. */
export const neg: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.neg);
/** eˣ. */
export const exp: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.exp);
/** The natural logarithm. */
export const log: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.log);
/** The square root. */
export const sqrt: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.sqrt);
/** The hyperbolic tangent. */
export const tanh: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.tanh);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.sigmoid);
/**
 * The error function, 2/√π · ∫₀ˣ e^(-t²) dt: Abramowitz & Stegun, "Handbook of Mathematical Functions"
 * (1964), 7.1.1. f32, to a few units in the last place.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.erf(tensor([0, 0.5, -Infinity])));
 * console.assert(y[0] === 0 && Math.abs(y[1]! - 0.5204999) < 1e-6 && y[2] === -1);
 * ```
 */
export const erf: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.erf);
/** |x|. */
export const abs: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.abs);
/** -1, 0 or 1, by the sign of x; 0 for NaN, as in PyTorch. */
export const sign: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.sign);
/** The largest integer not above x. */
export const floor: (x: Operand) => Tensor = unaryFunction(SCALAR_OPS.floor);

/**
 * aᵇ, f32. An exponent given as an integer number of at most ±8 becomes a product.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.pow(tensor([-2, 3]), 3));
 * console.assert(y.join() === "-8,27");
 * ```
 */
export function pow(a: Operand, b: Operand): Tensor {
  if (a instanceof Tensor && typeof b === "number") {
    if (b === 0) return constant(1, a.shape, a.dtype);
    if (b === 0.5) return sqrt(a);
    if (Number.isInteger(b) && Math.abs(b) <= 8) {
      const power = Array.from({ length: Math.abs(b) }, () => a).reduce(mul);
      return b < 0 ? div(1, power) : power;
    }
  }
  return apply(SCALAR_OPS.pow, broadcastOperands("pow", [a, b]));
}

/**
 * a where the u32 condition is not 0, else b; all three broadcast. As NumPy's and PyTorch's `where`.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.where(ops.greater(tensor([1, 5]), 2), 10, 20));
 * console.assert(y.join() === "20,10");
 * ```
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensor("where", condition);
  checkOperands("where", [condition, a, b]);
  const [x, y] = broadcastOperands("where", [a, b]) as Tuple<Tensor, 2>;
  const shape = broadcastShapes("where", condition.shape, x.shape);
  return apply(SCALAR_OPS.where, [condition, x, y].map((t) => broadcastTo(t, shape)));
}

/**
 * The same numbers in another type. Floats convert to integers by truncation toward zero, clamped to the
 * type's range, NaN to 0; between i32 and u32 the bits are kept.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.cast(tensor([1.9, -1.9]), "i32"));
 * console.assert(y.join() === "1,-1");
 * ```
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensor("cast", x);
  checkDType("cast", dtype);
  return x.dtype === dtype ? x : apply(SCALAR_OPS.cast, [x], { dtype, from: x.dtype });
}
