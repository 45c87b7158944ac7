/**
 * The scalar instructions: every elementwise op is one of these, and each device lowers each once.
 * Arguments are brought to one shape by the public functions below, so no rule ever un-broadcasts.
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
import { broadcastShapes, checkShape, type Shape, showShape } from "../shape.ts";
import { apply, type MapOp, Tensor, type Vjp } from "../tensor.ts";
import { type DType, showValue } from "../host_data.ts";
import { showSpec, type Spec } from "../spec.ts";
import { threefry as threefryWords } from "../threefry.ts";
import { broadcastTo } from "./broadcast.ts";
import type { Known, Tuple } from "../tuple.ts";

/** A tensor, or a number that takes the other operand's type. */
export type Operand = Tensor | number;

type Reference = MapOp["reference"];

const binary = (f: (a: number, b: number) => number): Reference => (_, dtype) => (a, b) =>
  wrap(dtype, f(a, b));
const unary = (f: (a: number) => number): Reference => () => f;

function same(name: string, args: readonly Spec[]): Spec {
  const [first, ...rest] = args as [Spec, ...Spec[]];
  for (const other of rest) {
    if (other.dtype !== first.dtype || other.shape.join() !== first.shape.join()) {
      throw new TypeError(
        `${name}: expected operands of one type and shape, found ${
          args.map(showSpec).join(" and ")
        }`,
      );
    }
  }
  return first;
}

function floating(name: string, args: readonly Spec[]): Spec {
  const spec = same(name, args);
  if (spec.dtype !== "f32") {
    throw new TypeError(`${name}: expected f32 operands, found ${showSpec(spec)}; cast them first`);
  }
  return spec;
}

function wholeNumbers(name: string, args: readonly Spec[]): Spec {
  const spec = same(name, args);
  if (spec.dtype === "f32") {
    throw new TypeError(`${name}: expected i32 or u32 operands, found ${showSpec(spec)}`);
  }
  return spec;
}

const mapOp = (
  name: string,
  reference: Reference,
  vjp?: Vjp,
  infer: (name: string, args: Known<Spec>) => Spec = same,
): MapOp => ({
  kind: "map",
  name,
  infer: (args) => infer(name, args),
  reference,
  ...(vjp && { vjp }),
});

const comparison = (name: string, f: (a: number, b: number) => boolean): MapOp =>
  mapOp(name, () => (a, b) => Number(f(a, b)), undefined, (name, args) => ({
    shape: same(name, args).shape,
    dtype: "u32",
  }));

const given = (name: string): MapOp["infer"] => (_, attrs) => ({
  shape: checkShape(name, attrs.shape as Shape),
  dtype: attrs.dtype as DType,
});

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

/** Every scalar instruction by name. A device's lowering table has exactly these keys. */
export const SCALARS: Readonly<Record<ScalarName, MapOp>> = {
  constant: {
    ...mapOp("constant", ({ value }) => () => value as number),
    infer: given("constant"),
  },
  iota: { ...mapOp("iota", () => (_a, _b, _c, i) => i), infer: given("iota") },
  add: mapOp("add", binary((a, b) => a + b), (g) => [g, g]),
  sub: mapOp("sub", binary((a, b) => a - b), (g) => [g, neg(g)]),
  mul: mapOp(
    "mul",
    (_, dtype) => dtype === "f32" ? (a, b) => a * b : (a, b) => wrap(dtype, Math.imul(a, b)),
    (g, [a, b]) => [mul(g, b), mul(g, a)],
  ),
  div: mapOp("div", (_, dtype) => divide(dtype), (g, [, b], y) => [
    div(g, b),
    neg(div(mul(g, y), b)),
  ]),
  remainder: mapOp("remainder", (_, dtype) => modulo(dtype), (g, [a, b]) => [
    g,
    neg(mul(g, sub(div(a, b), div(remainder(a, b), b)))),
  ]),
  neg: mapOp("neg", (_, dtype) => (a) => wrap(dtype, -a), (g) => [neg(g)]),
  exp: mapOp("exp", unary(Math.exp), (g, _, y) => [mul(g, y)], floating),
  log: mapOp("log", unary(Math.log), (g, [x]) => [div(g, x)], floating),
  sqrt: mapOp("sqrt", unary(Math.sqrt), (g, _, y) => [div(g, mul(y, 2))], floating),
  tanh: mapOp("tanh", unary(Math.tanh), (g, _, y) => [mul(g, sub(1, mul(y, y)))], floating),
  sigmoid: mapOp(
    "sigmoid",
    unary((x) => 1 / (1 + Math.exp(-x))),
    (g, _, y) => [mul(g, mul(y, sub(1, y)))],
    floating,
  ),
  abs: mapOp("abs", (_, dtype) => (a) => wrap(dtype, Math.abs(a)), (g, [x]) => [mul(g, sign(x))]),
  sign: mapOp("sign", unary((x) => Number(x > 0) - Number(x < 0))),
  floor: mapOp("floor", unary(Math.floor), undefined, floating),
  pow: mapOp("pow", binary(power), (g, [a, b], y) => {
    // 0ᵇ does not depend on b from 0 on. The logarithm is taken of 1 there, lest its own gradient be NaN.
    const still = mul(equal(a, 0), lessEqual(0, b));
    return [
      where(equal(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1))))),
      where(still, 0, mul(g, mul(y, log(where(still, 1, a))))),
    ];
  }, floating),
  maximum: mapOp("maximum", binary(larger), (g, [a, b]) => [
    where(lessEqual(b, a), g, 0),
    where(lessEqual(b, a), 0, g),
  ]),
  minimum: mapOp("minimum", binary(smaller), (g, [a, b]) => [
    where(lessEqual(a, b), g, 0),
    where(lessEqual(a, b), 0, g),
  ]),
  equal: comparison("equal", (a, b) => a === b),
  less: comparison("less", (a, b) => a < b),
  lessEqual: comparison("lessEqual", (a, b) => a <= b),
  where: mapOp(
    "where",
    () => (c, a, b) => c !== 0 ? a : b,
    (g, [c]) => [null, where(c, g, 0), where(c, 0, g)],
    (name, [c, ...rest]) => {
      const spec = same(name, rest);
      if (c.dtype !== "u32" || c.shape.join() !== spec.shape.join()) {
        throw new TypeError(
          `where: expected a u32 condition of shape ${showShape(spec.shape)}, found ${showSpec(c)}`,
        );
      }
      return spec;
    },
  ),
  cast: {
    ...mapOp(
      "cast",
      ({ from }, dtype) => (a) => from === "f32" ? saturate(dtype, a) : wrap(dtype, a),
      (g, [x]) => [x.dtype === "f32" ? g : null],
    ),
    infer: ([x], attrs) => ({ shape: x.shape, dtype: attrs.dtype as DType }),
  },
  shiftRight: mapOp(
    "shiftRight",
    (_, dtype) => shiftedRight(dtype),
    undefined,
    wholeNumbers,
  ),
  threefry: mapOp(
    "threefry",
    (attrs) => (k0, k1, counter) =>
      threefryWords([k0, k1], counter, attrs.purpose as number)[attrs.word as number]!,
  ),
};

/**
 * A tensor whose elements are all `value`; integers wrap, and must be whole.
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
  if (dtype !== "f32" && !Number.isInteger(value)) {
    throw new TypeError(`constant: expected a whole number for ${dtype}, found ${value}`);
  }
  return apply(SCALARS.constant, [], { value: wrap(dtype, value), shape: [...shape], dtype });
}

/**
 * The whole numbers 0…n-1. Shape [n].
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
export const iota = (n: number, dtype: DType = "i32"): Tensor =>
  apply(SCALARS.iota, [], { shape: [n], dtype });

function together(name: string, operands: readonly Operand[]): Tensor[] {
  const tensors = operands.filter((x) => x instanceof Tensor);
  const dtype = tensors[0]?.dtype ?? "f32";
  const shape = broadcastShapes(name, ...tensors.map((x) => x.shape), []);
  if (tensors.some((x) => x.dtype !== dtype)) {
    throw new TypeError(
      `${name}: expected operands of one type, found ${
        tensors.map(showSpec).join(" and ")
      }; cast one of them`,
    );
  }
  const other = operands.filter((x) => typeof x !== "number" && !(x instanceof Tensor));
  if (other.length > 0) {
    throw new TypeError(
      `${name}: expected tensors and numbers, found ${showValue(other[0])}; ` +
        "tensor() makes one of numbers in arrays",
    );
  }
  const fraction = operands.find((x) => typeof x === "number" && !Number.isInteger(x));
  if (dtype !== "f32" && fraction !== undefined) {
    throw new TypeError(
      `${name}: expected a whole number beside ${showSpec(tensors[0]!)}, found ${fraction}`,
    );
  }
  return operands.map((x) =>
    x instanceof Tensor ? broadcastTo(x, shape) : constant(x, shape, dtype)
  );
}

const two = (op: MapOp) => (a: Operand, b: Operand): Tensor => apply(op, together(op.name, [a, b]));
const one = (op: MapOp) => (x: Operand): Tensor => apply(op, together(op.name, [x]));

/** a + b. Operands broadcast by NumPy's rule, as for every function of two operands here. */
export const add: (a: Operand, b: Operand) => Tensor = two(SCALARS.add);
/** a - b. */
export const sub: (a: Operand, b: Operand) => Tensor = two(SCALARS.sub);
/** a · b. */
export const mul: (a: Operand, b: Operand) => Tensor = two(SCALARS.mul);
/** a / b; integers round towards zero, and a / 0 is 0. */
export const div: (a: Operand, b: Operand) => Tensor = two(SCALARS.div);
/** The remainder of a / b, exact, with the sign of a; of integers by 0 it is 0. */
export const remainder: (a: Operand, b: Operand) => Tensor = two(SCALARS.remainder);
/** The larger of a and b, NaN if one is; a gets the gradient where they are equal. */
export const maximum: (a: Operand, b: Operand) => Tensor = two(SCALARS.maximum);
/** The smaller of a and b, NaN if one is; a gets the gradient where they are equal. */
export const minimum: (a: Operand, b: Operand) => Tensor = two(SCALARS.minimum);
/** 1 where a = b, else 0, as u32. No comparison holds for NaN. */
export const equal: (a: Operand, b: Operand) => Tensor = two(SCALARS.equal);
/** 1 where a < b, else 0, as u32. */
export const less: (a: Operand, b: Operand) => Tensor = two(SCALARS.less);
/** 1 where a ≤ b, else 0, as u32. */
export const lessEqual: (a: Operand, b: Operand) => Tensor = two(SCALARS.lessEqual);
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
/** a shifted right by b bits, of which there may be 32 or more; u32 fills with zeros, i32 with the sign. */
export const shiftRight: (a: Operand, b: Operand) => Tensor = two(SCALARS.shiftRight);
/** -x. */
export const neg: (x: Operand) => Tensor = one(SCALARS.neg);
/** eˣ. */
export const exp: (x: Operand) => Tensor = one(SCALARS.exp);
/** The natural logarithm. */
export const log: (x: Operand) => Tensor = one(SCALARS.log);
/** The square root. */
export const sqrt: (x: Operand) => Tensor = one(SCALARS.sqrt);
/** The hyperbolic tangent. */
export const tanh: (x: Operand) => Tensor = one(SCALARS.tanh);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid: (x: Operand) => Tensor = one(SCALARS.sigmoid);
/** |x|. */
export const abs: (x: Operand) => Tensor = one(SCALARS.abs);
/** -1, 0 or 1, by the sign of x; 0 for NaN, as in PyTorch. */
export const sign: (x: Operand) => Tensor = one(SCALARS.sign);
/** The largest whole number not above x. */
export const floor: (x: Operand) => Tensor = one(SCALARS.floor);

/**
 * aᵇ. Small whole exponents given as numbers become products, and so take negative bases.
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
  return apply(SCALARS.pow, together("pow", [a, b]));
}

/**
 * a where the u32 condition is not 0, else b. All three broadcast together.
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
  const [x, y] = together("where", [a, b]) as Tuple<Tensor, 2>;
  const shape = broadcastShapes("where", condition.shape, x.shape);
  return apply(SCALARS.where, [condition, x, y].map((t) => broadcastTo(t, shape)));
}

/**
 * The same numbers in another type. On the way to integers floats lose their fraction; those beyond the
 * type's limits become the limit, and NaN becomes 0. Integers of the other sign keep their bits.
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
export const cast = (x: Tensor, dtype: DType): Tensor =>
  x.dtype === dtype ? x : apply(SCALARS.cast, [x], { dtype, from: x.dtype });

/** One word (0 or 1) of Threefry-2x32 for each element of three u32 tensors of one shape. */
export const threefry = (
  k0: Tensor,
  k1: Tensor,
  counter: Tensor,
  purpose: number,
  word: number,
): Tensor => apply(SCALARS.threefry, [k0, k1, counter], { purpose, word });
