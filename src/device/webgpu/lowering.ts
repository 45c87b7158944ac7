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

/** A literal of a type. Throws RangeError on numbers that WGSL cannot write. */
export function literal(value: number, dtype: DType, width: Width): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`webgpu: expected finite constants, found ${value}`);
  }
  const number = dtype === "u32" ? `${value}u` : dtype === "i32" ? `${value}` : floatLiteral(value);
  return `${typeOf(dtype, width)}(${number})`;
}

function floatLiteral(value: number): string {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) {
    throw new RangeError(`webgpu: expected constants in the range of f32, found ${value}`);
  }
  const text = String(rounded);
  return /[.e]/.test(text) ? text : `${text}.0`;
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
  readonly attrs: Attrs;
  /** The type of the result. */
  readonly dtype: DType;
  /** The type of the first argument. */
  readonly from: DType;
  readonly width: Width;
}

const infix = (sign: string) => ({ args: [a, b] }: Use) => `(${a} ${sign} ${b})`;
const call = (name: string) => ({ args }: Use) => `${name}(${args.join(", ")})`;
const compare = (sign: string) => ({ args: [a, b], width }: Use) =>
  `select(${literal(0, "u32", width)}, ${literal(1, "u32", width)}, ${a} ${sign} ${b})`;
const helper = (name: string) => ({ args, width }: Use) => `${name}${width}(${args.join(", ")})`;

/** Every scalar instruction in WGSL. */
export const LOWERED: Readonly<Record<ScalarName, (use: Use) => string>> = {
  constant: ({ attrs, dtype, width }) => literal(attrs.value as number, dtype, width),
  iota: ({ args: [index], dtype, width }) => `${typeOf(dtype, width)}(${index})`,
  add: infix("+"),
  sub: infix("-"),
  mul: infix("*"),
  div: infix("/"),
  remainder: infix("%"),
  neg: ({ args: [a], dtype, width }) =>
    dtype === "u32" ? `(${literal(0, "u32", width)} - ${a})` : `(-${a})`,
  exp: call("exp"),
  log: call("log"),
  sqrt: call("sqrt"),
  tanh: helper("safe_tanh"),
  sigmoid: helper("safe_sigmoid"),
  abs: call("abs"),
  sign: ({ args: [a], dtype, width }) =>
    dtype === "u32" ? `min(${a}, ${literal(1, "u32", width)})` : `sign(${a})`,
  floor: call("floor"),
  pow: helper("safe_pow"),
  maximum: call("max"),
  minimum: call("min"),
  equal: compare("=="),
  less: compare("<"),
  lessEqual: compare("<="),
  where: ({ args: [c, a, b], width }) => `select(${b}, ${a}, ${c} != ${literal(0, "u32", width)})`,
  cast: ({ args: [a], dtype, width }) => `${typeOf(dtype, width)}(${a})`,
  shiftRight: ({ args: [a, b], width }) => `(${a} >> ${typeOf("u32", width)}(${b}))`,
  threefry: ({ args, attrs, width }) =>
    `threefry${width}(${args.join(", ")}, ${attrs.purpose}u, ${attrs.word}u)`,
};

const float = (width: Width) => typeOf("f32", width);

/** The functions that lowered instructions call, by name; each once for each width. */
export const HELPERS: Readonly<Record<string, (width: Width) => string>> = {
  // Drivers overflow inside tanh; beyond ±9.01 it is ±1 in f32.
  safe_tanh: (w) =>
    `fn safe_tanh${w}(x: ${float(w)}) -> ${float(w)} { return tanh(clamp(x, ${float(w)}(-10.0), ${
      float(w)
    }(10.0))); }`,
  safe_sigmoid: (w) =>
    `fn safe_sigmoid${w}(x: ${float(w)}) -> ${float(w)} { return 1.0 / (1.0 + exp(-clamp(x, ${
      float(w)
    }(-87.0), ${float(w)}(87.0)))); }`,
  // WGSL's pow takes no negative bases; whole exponents keep their sign.
  safe_pow: (w) => {
    const T = float(w);
    return `fn safe_pow${w}(x: ${T}, y: ${T}) -> ${T} {
  let size = select(pow(abs(x), y), select(${T}(0.0), ${T}(1.0), y == ${T}(0.0)), x == ${T}(0.0) & y >= ${T}(0.0));
  let odd = y - 2.0 * floor(y * 0.5) == ${T}(1.0);
  return select(size, -size, x < ${T}(0.0) & odd);
}`;
  },
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
