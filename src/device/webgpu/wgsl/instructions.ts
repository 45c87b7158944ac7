/**
 * The scalar instructions in WGSL, for single elements and for vectors of four.
 *
 * @module
 */
import type { Instruction } from "../../../ops/mod.ts";
import type { Attrs } from "../../../tensor.ts";
import type { DType } from "../../../host_data.ts";
import { literal, typeOf, type Width } from "./types.ts";
import type { Known } from "../../../tuple.ts";

export { literal, typeOf, type Width } from "./types.ts";

/** Whole numbers below it are f32 without rounding. */
const EXACT = 1 << 24;

/** Whole numbers divided as f32, which processors divide vectors of. */
export const QUOTIENT = `fn quotient(a: i32, b: i32) -> u32 {
  let near = i32(f32(a) / f32(b));
  let rest = a - near * b;
  return u32(near + select(0, 1, rest >= b) - select(0, 1, rest < 0));
}`;

/** a / b of two u32 that are no constants; `most` is more than a ever is. */
export const quotient = (a: string, b: string, most: number): string =>
  most <= EXACT ? `quotient(i32(${a}), i32(${b}))` : `${a} / ${b}`;

/** What an instruction is lowered with: its arguments' texts, and the type of its result. */
interface Use {
  readonly args: Known<string>;
  /** Which arguments may be NaN. */
  readonly nan: readonly boolean[];
  /** The arguments that are the same number everywhere. */
  readonly constants: readonly (number | undefined)[];
  readonly attrs: Attrs;
  /** The type of the result. */
  readonly dtype: DType;
  /** The type of the first argument. */
  readonly from: DType;
  readonly width: Width;
}

const infix = (sign: string) => ({ args: [a, b] }: Use) => `(${a} ${sign} ${b})`;
const call = (name: string) => ({ args }: Use) => `${name}(${args.join(", ")})`;
const helper = (name: string) => ({ args, width }: Use) => `${name}${width}(${args.join(", ")})`;

/** A comparison, which no NaN passes, whatever a compiler makes of the sign. */
const compare = (sign: string) => ({ args: [a, b], nan, from, width }: Use) => {
  const guards = [a, b].filter((_, k) => from === "f32" && nan[k])
    .map((x) => ` & !is_nan${width}(${x})`);
  const holds = `(${a} ${sign} ${b})${guards.join("")}`;
  return `select(${literal(0, "u32", width)}, ${literal(1, "u32", width)}, ${holds})`;
};

/** The larger or the smaller of two, and NaN if one is. */
const extreme = (name: string, sign: string) => (use: Use) => {
  const { args: [a, b], nan, constants, from, width } = use;
  if (from !== "f32") return `${name}(${a}, ${b})`;
  const zero = name === "max" ? constants.findIndex((c) => c === 0) : -1;
  if (zero >= 0) return `positive${width}(${zero === 0 ? b : a})`;
  if (nan[0] && nan[1]) return `${name}_or_nan${width}(${a}, ${b})`;
  const chosen = `select(${b}, ${a}, ${a} ${sign} ${b})`, risk = nan[0] ? a : nan[1] ? b : "";
  return risk ? `select(${chosen}, ${risk}, is_nan${width}(${risk}))` : chosen;
};

/**
 * A result of floats that compilers may give although a number in `x` is not finite: they fold x - x, x / x
 * and 0 · x.
 */
const unlessFinite = (result: string, x: string, width: Width) =>
  `select(${result}, ${literal(NaN, "f32", width)}, is_not_finite${width}(${x}))`;

/** An integer quotient or remainder, 0 for a divisor of 0. */
function whole(sign: string, { args: [a, b], constants: [, by], dtype, width }: Use): string {
  const zero = literal(0, dtype, width);
  if (by === 0) return zero;
  return by === undefined
    ? `select(${a} ${sign} ${b}, ${zero}, ${b} == ${zero})`
    : `(${a} ${sign} ${b})`;
}

function toInteger({ args: [a], dtype, width }: Use): string {
  const [low, high, beyond] = dtype === "i32"
    ? [-(2 ** 31), 2 ** 31 - 1, 2 ** 31]
    : [0, 2 ** 32 - 1, 2 ** 32];
  const bound = (n: number) => literal(n, dtype, width),
    f32 = (n: number) => literal(n, "f32", width);
  const inside = `select(${bound(0)}, ${typeOf(dtype, width)}(${a}), !is_nan${width}(${a}))`;
  return `select(select(${inside}, ${bound(high!)}, ${a} >= ${f32(beyond!)}), ${
    bound(low!)
  }, ${a} < ${f32(low!)})`;
}

function shiftRight({ args: [a, b], constants: [, by], dtype, width }: Use): string {
  const unsigned = typeOf("u32", width), amount = `${unsigned}(${b})`, most = `${unsigned}(31u)`;
  if (by !== undefined && by >>> 0 < 32) return `(${a} >> ${amount})`;
  if (dtype === "i32") return `(${a} >> min(${amount}, ${most}))`;
  return `select(${a} >> min(${amount}, ${most}), ${unsigned}(), ${amount} > ${most})`;
}

/** Every scalar instruction in WGSL. */
export const LOWERED: Readonly<Record<Instruction, (use: Use) => string>> = {
  iota: ({ args: [index], dtype, width }) => `${typeOf(dtype, width)}(${index})`,
  add: infix("+"),
  sub: (use) => {
    const { args: [a, b], dtype, width } = use;
    const difference = infix("-")(use);
    return dtype === "f32" && a === b
      ? unlessFinite(literal(0, dtype, width), a!, width)
      : difference;
  },
  mul: (use) => {
    const { args, constants, dtype, width } = use, zero = constants.findIndex((c) => c === 0);
    const one = constants.indexOf(1), product = infix("*")(use);
    // So that a number less itself is known for what it is.
    if (one >= 0) return args[1 - one]!;
    return dtype === "f32" && zero >= 0 ? unlessFinite(product, args[1 - zero]!, width) : product;
  },
  div: (use) => {
    const { args: [a, b], constants: [from, by], dtype, width } = use;
    if (dtype !== "f32") return whole("/", use);
    if (a === b) return `self_quotient${width}(${a})`;
    if (by === 0) return `over_zero${width}(${a}, ${b})`;
    return from === 0 ? `of_zero${width}(${b})` : infix("/")(use);
  },
  remainder: (use) => use.dtype === "f32" ? helper("float_remainder")(use) : whole("%", use),
  neg: ({ args: [a], dtype, width }) =>
    dtype === "u32" ? `(${literal(0, "u32", width)} - ${a})` : `(-${a})`,
  exp: helper("safe_exp"),
  log: helper("safe_log"),
  sqrt: helper("safe_sqrt"),
  tanh: helper("safe_tanh"),
  sigmoid: helper("safe_sigmoid"),
  abs: call("abs"),
  sign: ({ args: [a], dtype, width }) =>
    dtype === "u32"
      ? `min(${a}, ${literal(1, "u32", width)})`
      : dtype === "i32"
      ? `sign(${a})`
      : `safe_sign${width}(${a})`,
  floor: call("floor"),
  pow: helper("safe_pow"),
  maximum: extreme("max", ">="),
  minimum: extreme("min", "<="),
  equal: compare("=="),
  less: compare("<"),
  lessEqual: compare("<="),
  where: ({ args: [c, a, b], width }) => `select(${b}, ${a}, ${c} != ${literal(0, "u32", width)})`,
  cast: (use) => {
    const { args: [a], dtype, from, width } = use;
    return from === "f32" && dtype !== "f32" ? toInteger(use) : `${typeOf(dtype, width)}(${a})`;
  },
  shiftRight,
  threefry: ({ args, attrs, width }) =>
    `threefry${width}(${args.join(", ")}, ${attrs.purpose}u, ${attrs.word}u)`,
};
