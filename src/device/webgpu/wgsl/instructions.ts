/**
 * The lowering of scalar instructions to WGSL, for single elements and vectors of four.
 *
 * @module
 */
import type { Instruction } from "../../../ops/mod.ts";
import type { Attrs } from "../../../tensor.ts";
import type { DType } from "../../../host_data.ts";
import { helperCall, type HelperName, scalarHelperCall } from "./helper_call.ts";
import { literal } from "./literal.ts";
import { mathCall, type MathName, MATHS } from "./math.ts";
import { typeOf, type Width } from "./types.ts";
import type { Known } from "../../../tuple.ts";

/** Integers below this are exact in f32. */
const EXACT = 1 << 24;

/** a / b of two u32 that are not constants; `most` is an exclusive upper bound of a. */
export const quotient = (a: string, b: string, most: number): string =>
  most <= EXACT ? scalarHelperCall("quotient", `i32(${a}), i32(${b})`) : `${a} / ${b}`;

/** The context of a lowering: the texts of the arguments, and the type of the result. */
interface LoweringContext {
  readonly args: Known<string>;
  /** Which arguments may be NaN. */
  readonly nan: readonly boolean[];
  /** The values of the arguments that are constants. */
  readonly constants: readonly (number | undefined)[];
  readonly attrs: Attrs;
  /** The type of the result. */
  readonly dtype: DType;
  /** The type of the first argument. */
  readonly from: DType;
  readonly width: Width;
}

const infix = (sign: string) => ({ args: [a, b] }: LoweringContext) => `(${a} ${sign} ${b})`;
const call = (name: string) => ({ args }: LoweringContext) => `${name}(${args.join(", ")})`;
const helper = (name: HelperName) => ({ args, width }: LoweringContext) =>
  helperCall(name, width, args.join(", "));

/** A comparison that is false for NaN, however the compiler treats the operator. */
const compare = (sign: string) => ({ args: [a, b], nan, from, width }: LoweringContext) => {
  const guards = [a, b].filter((_, k) => from === "f32" && nan[k])
    .map((x) => ` & !${helperCall("is_nan", width, x)}`);
  const holds = `(${a} ${sign} ${b})${guards.join("")}`;
  return `select(${literal(0, "u32", width)}, ${literal(1, "u32", width)}, ${holds})`;
};

/** The larger or the smaller of two; NaN if one is NaN. */
const extreme = (name: "max" | "min", sign: string) => (context: LoweringContext) => {
  const { args: [a, b], nan, constants, from, width } = context;
  if (from !== "f32") return `${name}(${a}, ${b})`;
  const zero = name === "max" ? constants.findIndex((c) => c === 0) : -1;
  if (zero >= 0) return helperCall("positive", width, zero === 0 ? b : a);
  if (nan[0] && nan[1]) return helperCall(`${name}_or_nan`, width, `${a}, ${b}`);
  const chosen = `select(${b}, ${a}, ${a} ${sign} ${b})`, risk = nan[0] ? a : nan[1] ? b : "";
  return risk ? `select(${chosen}, ${risk}, ${helperCall("is_nan", width, risk)})` : chosen;
};

/**
 * A float result that is NaN unless `x` is finite: compilers fold x - x, x / x and 0 · x without regard to
 * that.
 */
const nanUnlessFinite = (result: string, x: string, width: Width) =>
  `select(${result}, ${literal(NaN, "f32", width)}, ${helperCall("is_not_finite", width, x)})`;

/** An integer quotient or remainder, 0 for a divisor of 0. */
function integerDivision(
  sign: string,
  { args: [a, b], constants: [, by], dtype, width }: LoweringContext,
): string {
  const zero = literal(0, dtype, width);
  if (by === 0) return zero;
  return by === undefined
    ? `select(${a} ${sign} ${b}, ${zero}, ${b} == ${zero})`
    : `(${a} ${sign} ${b})`;
}

function toInteger({ args: [a], dtype, width }: LoweringContext): string {
  const [low, high, beyond] = dtype === "i32"
    ? [-(2 ** 31), 2 ** 31 - 1, 2 ** 31]
    : [0, 2 ** 32 - 1, 2 ** 32];
  const bound = (n: number) => literal(n, dtype, width),
    f32 = (n: number) => literal(n, "f32", width);
  const inside = `select(${bound(0)}, ${typeOf(dtype, width)}(${a}), !${
    helperCall("is_nan", width, a)
  })`;
  return `select(select(${inside}, ${bound(high!)}, ${a} >= ${f32(beyond!)}), ${
    bound(low!)
  }, ${a} < ${f32(low!)})`;
}

function shiftRight({ args: [a, b], constants: [, by], dtype, width }: LoweringContext): string {
  const unsigned = typeOf("u32", width), amount = `${unsigned}(${b})`, most = `${unsigned}(31u)`;
  if (by !== undefined && by >>> 0 < 32) return `(${a} >> ${amount})`;
  if (dtype === "i32") return `(${a} >> min(${amount}, ${most}))`;
  return `select(${a} >> min(${amount}, ${most}), ${unsigned}(), ${amount} > ${most})`;
}

/** Emits the text of an instruction. */
type LowerInstruction = (context: LoweringContext) => string;

/** The instructions that are functions on floats. */
const functionsOfFloats = Object.fromEntries(
  (Object.keys(MATHS) as MathName[]).map((name): [MathName, LowerInstruction] => [
    name,
    ({ args, width }) => mathCall(name, width, args.join(", ")),
  ]),
) as Readonly<Record<MathName, LowerInstruction>>;

/** The lowering of every scalar instruction. */
export const LOWERED: Readonly<Record<Instruction, LowerInstruction>> = {
  ...functionsOfFloats,
  iota: ({ args: [index], dtype, width }) => `${typeOf(dtype, width)}(${index})`,
  add: infix("+"),
  sub: (context) => {
    const { args: [a, b], dtype, width } = context;
    const difference = infix("-")(context);
    return dtype === "f32" && a === b
      ? nanUnlessFinite(literal(0, dtype, width), a!, width)
      : difference;
  },
  mul: (context) => {
    const { args, constants, dtype, width } = context,
      zero = constants.findIndex((c) => c === 0);
    const one = constants.indexOf(1), product = infix("*")(context);
    // So that x - x is recognized.
    if (one >= 0) return args[1 - one]!;
    return dtype === "f32" && zero >= 0
      ? nanUnlessFinite(product, args[1 - zero]!, width)
      : product;
  },
  div: (context) => {
    const { args: [a, b], constants: [from, by], dtype, width } = context;
    if (dtype !== "f32") return integerDivision("/", context);
    if (a === b) return helperCall("self_quotient", width, a);
    if (by === 0) return helperCall("over_zero", width, `${a}, ${b}`);
    return from === 0 ? helperCall("of_zero", width, b) : infix("/")(context);
  },
  remainder: (context) =>
    context.dtype === "f32" ? helper("float_remainder")(context) : integerDivision("%", context),
  neg: ({ args: [a], dtype, width }) =>
    dtype === "u32" ? `(${literal(0, "u32", width)} - ${a})` : `(-${a})`,
  abs: call("abs"),
  sign: ({ args: [a], dtype, width }) =>
    dtype === "u32"
      ? `min(${a}, ${literal(1, "u32", width)})`
      : dtype === "i32"
      ? `sign(${a})`
      : helperCall("safe_sign", width, a),
  floor: call("floor"),
  maximum: extreme("max", ">="),
  minimum: extreme("min", "<="),
  equal: compare("=="),
  less: compare("<"),
  lessEqual: compare("<="),
  where: ({ args: [c, a, b], width }) => `select(${b}, ${a}, ${c} != ${literal(0, "u32", width)})`,
  cast: (context) => {
    const { args: [a], dtype, from, width } = context;
    return from === "f32" && dtype !== "f32" ? toInteger(context) : `${typeOf(dtype, width)}(${a})`;
  },
  shiftRight,
  threefry: ({ args, attrs, width }) =>
    helperCall("threefry", width, `${args.join(", ")}, ${attrs.purpose}u, ${attrs.word}u`),
};
