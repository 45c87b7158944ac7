/**
 * The scalar instructions in WGSL, for single elements and for vectors of four.
 *
 * @module
 */
import type { ScalarName } from "../../ops/mod.ts";
import type { Attrs, DType } from "../../tensor.ts";
import { PARITY, ROTATIONS } from "../../threefry.ts";
import type { Known } from "../../tuple.ts";

/** Elements that an expression computes at once. */
export type Width = 1 | 4;

/** The WGSL type of one or four elements. */
export const typeOf = (dtype: DType, width: Width): string =>
  width === 1 ? dtype : `vec4<${dtype}>`;

/** The bits of the largest f32 numbers that are not NaN: those of infinity. */
const INFINITE = 0x7f800000;

const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/**
 * A literal of a type, rounded to it. Infinities, NaN and -0 are made of their bits, in a function, since
 * WGSL refuses the first two as constant expressions and forgets the sign of the third.
 */
export function literal(value: number, dtype: DType, width: Width): string {
  const type = typeOf(dtype, width);
  if (dtype === "u32") return `${type}(${value}u)`;
  if (dtype === "i32") return `${type}(${value})`;
  const number = Math.fround(value);
  if (!Number.isFinite(number) || Object.is(number, -0)) {
    const bits = typeOf("u32", width);
    return `from_bits${width}(${bits}(${Number.isNaN(number) ? 0x7fc00000 : bitsOf(number)}u))`;
  }
  const text = String(number);
  return `${type}(${/[.e]/.test(text) ? text : `${text}.0`})`;
}

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
export const LOWERED: Readonly<Record<ScalarName, (use: Use) => string>> = {
  constant: ({ attrs, dtype, width }) => literal(attrs.value as number, dtype, width),
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

/** A WGSL function of floats, of one or four at once: its parameters, and its body in their types. */
const floats = (
  name: string,
  parameters: string,
  body: (F: string, U: string, w: Width) => string,
) =>
(w: Width): string => {
  const F = typeOf("f32", w), U = typeOf("u32", w);
  const told = parameters.split("").map((x) => `${x}: ${F}`).join(", ");
  return `fn ${name}${w}(${told}) -> ${F} {\n${body(F, U, w)}\n}`;
};

const SIZE = "0x7fffffffu", NEGATIVE = "0x80000000u", INF = `${INFINITE}u`;

/** A test of the bits of floats. */
const test = (name: string, holds: (size: string, U: string) => string) => (w: Width): string => {
  const U = typeOf("u32", w), size = `(bitcast<${U}>(x) & ${U}(${SIZE}))`;
  return `fn ${name}${w}(x: ${typeOf("f32", w)}) -> ${w === 1 ? "bool" : "vec4<bool>"} { return ${
    holds(size, U)
  }; }`;
};

/** The remainder of one division: of mantissas as integers, eight more bits of the quotient a round. */
const REMAINDER = `fn remainder_bits(x: u32, y: u32) -> u32 {
  let sign = x & ${NEGATIVE};
  let a = x & ${SIZE};
  let b = y & ${SIZE};
  if (a >= ${INF} || b > ${INF} || b == 0u) { return 0x7fc00000u; }
  if (a < b) { return x; }
  var ea = i32(a >> 23u);
  var eb = i32(b >> 23u);
  var ma = (a & 0x7fffffu) | select(0u, 0x800000u, ea > 0);
  var mb = (b & 0x7fffffu) | select(0u, 0x800000u, eb > 0);
  ea = max(ea, 1);
  eb = max(eb, 1);
  ma = ma % mb;
  var left = ea - eb;
  while (left > 0) {
    let step = min(left, 8);
    ma = (ma << u32(step)) % mb;
    left -= step;
  }
  if (ma == 0u) { return sign; }
  let shift = min(i32(countLeadingZeros(ma)) - 8, eb - 1);
  ma = ma << u32(shift);
  let exponent = select(0u, u32(eb - shift), ma >= 0x800000u);
  return sign | (exponent << 23u) | (ma & 0x7fffffu);
}`;

/**
 * The functions that instructions and kernels call, by name; each once for each width. WGSL lets compilers
 * assume that there is no infinity and no NaN, so these look at bits.
 */
export const HELPERS: Readonly<Record<string, (width: Width) => string>> = {
  from_bits: (w) =>
    `fn from_bits${w}(x: ${typeOf("u32", w)}) -> ${typeOf("f32", w)} { return bitcast<${
      typeOf("f32", w)
    }>(x); }`,
  is_nan: test("is_nan", (size, U) => `${size} > ${U}(${INF})`),
  is_not_finite: test("is_not_finite", (size, U) => `${size} >= ${U}(${INF})`),
  max_or_nan: floats(
    "max_or_nan",
    "ab",
    (_F, _U, w) =>
      `  return select(select(select(b, a, a >= b), b, is_nan${w}(b)), a, is_nan${w}(a));`,
  ),
  min_or_nan: floats(
    "min_or_nan",
    "ab",
    (_F, _U, w) =>
      `  return select(select(select(b, a, a <= b), b, is_nan${w}(b)), a, is_nan${w}(a));`,
  ),
  // 0 for all from -0 to -∞, whose bits are the highest but for those of NaN.
  positive: floats(
    "positive",
    "x",
    (F, U) => `  return select(${F}(), x, (bitcast<${U}>(x) ^ ${U}(${NEGATIVE})) > ${U}(${INF}));`,
  ),
  safe_sign: floats("safe_sign", "x", (F, U) =>
    `  let bits = bitcast<${U}>(x);
  let above = select(${F}(), ${F}(1.0), bits - ${U}(1u) < ${U}(${INF}));
  return select(above, ${F}(-1.0), bits - ${U}(0x80000001u) < ${U}(${INF}));`),
  self_quotient: floats(
    "self_quotient",
    "x",
    (F, _U, w) =>
      `  return select(${F}(1.0), ${
        literal(NaN, "f32", w)
      }, is_not_finite${w}(x) | (x == ${F}()));`,
  ),
  of_zero: floats(
    "of_zero",
    "x",
    (F, _U, w) =>
      `  return select(${F}(), ${literal(NaN, "f32", w)}, is_nan${w}(x) | (x == ${F}()));`,
  ),
  // The second argument is 0 or -0.
  over_zero: floats(
    "over_zero",
    "xy",
    (F, U, w) =>
      `  let sign = (bitcast<${U}>(x) ^ bitcast<${U}>(y)) & ${U}(${NEGATIVE});
  return select(bitcast<${F}>(sign | ${U}(${INF})), ${
        literal(NaN, "f32", w)
      }, is_nan${w}(x) | (x == ${F}()));`,
  ),
  float_remainder: floats("float_remainder", "xy", (F, _U, w) => {
    if (w === 1) return "  return bitcast<f32>(remainder_bits(bitcast<u32>(x), bitcast<u32>(y)));";
    const parts = ["x", "y", "z", "w"].map((c) =>
      `bitcast<f32>(remainder_bits(bitcast<u32>(x.${c}), bitcast<u32>(y.${c})))`
    );
    return `  return ${F}(${parts.join(", ")});`;
  }),
  safe_exp: floats(
    "safe_exp",
    "x",
    (F, _U, w) =>
      `  let inside = select(exp(clamp(x, ${F}(-104.0), ${F}(89.0))), ${F}(), x < ${F}(-103.98));
  let above = select(inside, ${literal(Infinity, "f32", w)}, x > ${F}(88.72284));
  return select(above, x, is_nan${w}(x));`,
  ),
  safe_log: floats("safe_log", "x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let zero = select(log(x), ${literal(-Infinity, "f32", w)}, (bits & ${U}(${SIZE})) == ${U}());
  let below = select(zero, ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  safe_sqrt: floats("safe_sqrt", "x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let below = select(sqrt(x), ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  // Drivers overflow inside tanh; beyond ±9.01 it is ±1 in f32.
  safe_tanh: floats(
    "safe_tanh",
    "x",
    (F, _U, w) => `  return select(tanh(clamp(x, ${F}(-10.0), ${F}(10.0))), x, is_nan${w}(x));`,
  ),
  safe_sigmoid: floats(
    "safe_sigmoid",
    "x",
    (F, _U, w) =>
      `  let inside = 1.0 / (1.0 + exp(-clamp(x, ${F}(-87.0), ${F}(87.0))));
  return select(select(inside, ${F}(), x < ${F}(-87.5)), x, is_nan${w}(x));`,
  ),
  // WGSL's pow takes no negative bases. The rest is as C99 and IEEE 754 have it.
  safe_pow: floats("safe_pow", "xy", (F, U, w) => {
    const inf = literal(Infinity, "f32", w),
      nan = literal(NaN, "f32", w),
      one = `${U}(${bitsOf(1)}u)`;
    return `  let bx = bitcast<${U}>(x);
  let by = bitcast<${U}>(y);
  let sx = bx & ${U}(${SIZE});
  let sy = by & ${U}(${SIZE});
  let rises = by < ${U}(${NEGATIVE});
  let below = bx >= ${U}(${NEGATIVE});
  let small = sy < ${U}(${bitsOf(2 ** 24)}u);
  let odd = small & (y - 2.0 * floor(y * 0.5) == ${F}(1.0));
  let fraction = small & (floor(y) != y);
  var z = pow(abs(x), y);
  z = select(z, select(${inf}, ${F}(), rises), sx == ${U}());
  z = select(z, select(${F}(), ${inf}, rises), sx == ${U}(${INF}));
  z = select(z, select(${F}(), ${inf}, (sx > ${one}) == rises), sy == ${U}(${INF}));
  z = select(z, -z, below & odd);
  z = select(z, ${nan}, below & (sx != ${U}()) & (sx < ${U}(${INF})) & fraction);
  z = select(z, ${nan}, (sx > ${U}(${INF})) | (sy > ${U}(${INF})));
  z = select(z, x, by == ${one});
  let still = (bx == ${one}) | (sy == ${U}()) | ((sx == ${one}) & (sy == ${U}(${INF})));
  return select(z, ${F}(1.0), still);`;
  }),
  threefry: (w) => {
    const T = typeOf("u32", w);
    const rounds = Array.from({ length: 5 }, (_, group) => {
      const turns = Array.from({ length: 4 }, (_, r) => {
        const by = ROTATIONS[(group % 2) * 4 + r]!;
        return `x0 += x1; x1 = (x1 << ${T}(${by}u) | x1 >> ${T}(${32 - by}u)) ^ x0;`;
      });
      const keys = ["k0", "k1", "k2"];
      return `  ${turns.join(" ")}\n  x0 += ${keys[(group + 1) % 3]}; x1 += ${
        keys[(group + 2) % 3]
      } + ${group + 1}u;`;
    });
    return `fn threefry${w}(k0: ${T}, k1: ${T}, counter: ${T}, purpose: u32, word: u32) -> ${T} {
  let k2 = ${T}(${PARITY}u) ^ k0 ^ k1;
  var x0 = counter + k0;
  var x1 = purpose + k1;
${rounds.join("\n")}
  return select(x1, x0, word == 0u);
}`;
  },
};

const NAMES = new RegExp(`\\b(${Object.keys(HELPERS).join("|")})([14])\\(`, "g");

/** The helpers that a text calls, and those that they call, each before the first that calls it. */
export function helpersOf(text: string): string {
  const found = new Map<string, string>();
  const add = (from: string) => {
    for (const [, name, width] of from.matchAll(NAMES)) {
      const key = `${name}${width}`;
      if (found.has(key)) continue;
      const helper = HELPERS[name!]!(Number(width) as Width);
      found.set(key, "");
      add(helper);
      found.delete(key);
      found.set(key, helper);
    }
  };
  add(text);
  const all = [...found.values()].join("\n");
  return all.includes("remainder_bits(") ? `${REMAINDER}\n${all}` : all;
}
