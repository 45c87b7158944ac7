/**
 * The WGSL helper functions that instructions and kernels call.
 *
 * @module
 */
import { PARITY, ROTATIONS } from "../../../threefry.ts";
import {
  helperCall,
  type HelperName,
  scalarHelperCall,
  type ScalarHelperName,
} from "./helper_call.ts";
import { floats, type Helper, INF, NEGATIVE, SIZE } from "./float_helper.ts";
import { literal } from "./literal.ts";
import { mathHelperName, type MathName, MATHS } from "./math.ts";
import { type Declaration, expressionFn, fn, showDeclaration } from "./module.ts";
import { helpersCalledIn } from "./symbols.ts";
import { typeOf, type Width } from "./types.ts";

/** A helper that tests the bits of floats. */
const test = (holds: (size: string, U: string) => string): Helper => (name, w) => {
  const U = typeOf("u32", w), size = `(bitcast<${U}>(x) & ${U}(${SIZE}))`;
  const result = w === 1 ? "bool" : "vec4<bool>";
  return expressionFn(name, `(x: ${typeOf("f32", w)}) -> ${result}`, holds(size, U));
};

/** The helpers on single numbers, by name. */
const SCALAR_HELPERS: Readonly<Record<ScalarHelperName, Declaration>> = {
  /** Integer division in f32, which processors vectorize. */
  quotient: fn(
    "quotient",
    "(a: i32, b: i32) -> u32",
    `  let near = i32(f32(a) / f32(b));
  let rest = a - near * b;
  return u32(near + select(0, 1, rest >= b) - select(0, 1, rest < 0));`,
  ),
  /** The f32 remainder, from mantissas as integers, with eight bits of the quotient per round. */
  remainder_bits: fn(
    "remainder_bits",
    "(x: u32, y: u32) -> u32",
    `  let sign = x & ${NEGATIVE};
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
  return sign | (exponent << 23u) | (ma & 0x7fffffu);`,
  ),
};

/**
 * The helpers on one or four elements, by name, one function per width. They test bits, since WGSL allows
 * compilers to assume that there is no infinity or NaN.
 */
const HELPERS: Readonly<Record<HelperName, Helper>> = {
  from_bits: (name, w) => {
    const F = typeOf("f32", w);
    return expressionFn(name, `(x: ${typeOf("u32", w)}) -> ${F}`, `bitcast<${F}>(x)`);
  },
  is_nan: test((size, U) => `${size} > ${U}(${INF})`),
  is_not_finite: test((size, U) => `${size} >= ${U}(${INF})`),
  max_or_nan: floats(
    "ab",
    (_F, _U, w) =>
      `  return select(select(select(b, a, a >= b), b, ${helperCall("is_nan", w, "b")}), a, ${
        helperCall("is_nan", w, "a")
      });`,
  ),
  min_or_nan: floats(
    "ab",
    (_F, _U, w) =>
      `  return select(select(select(b, a, a <= b), b, ${helperCall("is_nan", w, "b")}), a, ${
        helperCall("is_nan", w, "a")
      });`,
  ),
  // 0 for all from -0 to -∞, whose bits are the highest except for NaN.
  positive: floats(
    "x",
    (F, U) => `  return select(${F}(), x, (bitcast<${U}>(x) ^ ${U}(${NEGATIVE})) > ${U}(${INF}));`,
  ),
  safe_sign: floats("x", (F, U) =>
    `  let bits = bitcast<${U}>(x);
  let above = select(${F}(), ${F}(1.0), bits - ${U}(1u) < ${U}(${INF}));
  return select(above, ${F}(-1.0), bits - ${U}(0x80000001u) < ${U}(${INF}));`),
  self_quotient: floats(
    "x",
    (F, _U, w) =>
      `  return select(${F}(1.0), ${literal(NaN, "f32", w)}, ${
        helperCall("is_not_finite", w, "x")
      } | (x == ${F}()));`,
  ),
  of_zero: floats(
    "x",
    (F, _U, w) =>
      `  return select(${F}(), ${literal(NaN, "f32", w)}, ${
        helperCall("is_nan", w, "x")
      } | (x == ${F}()));`,
  ),
  // The second argument is 0 or -0.
  over_zero: floats(
    "xy",
    (F, U, w) =>
      `  let sign = (bitcast<${U}>(x) ^ bitcast<${U}>(y)) & ${U}(${NEGATIVE});
  return select(bitcast<${F}>(sign | ${U}(${INF})), ${literal(NaN, "f32", w)}, ${
        helperCall("is_nan", w, "x")
      } | (x == ${F}()));`,
  ),
  float_remainder: floats("xy", (F, _U, w) => {
    if (w === 1) {
      return `  return bitcast<f32>(${
        scalarHelperCall("remainder_bits", "bitcast<u32>(x), bitcast<u32>(y)")
      });`;
    }
    const parts = ["x", "y", "z", "w"].map((c) =>
      `bitcast<f32>(${
        scalarHelperCall("remainder_bits", `bitcast<u32>(x.${c}), bitcast<u32>(y.${c})`)
      })`
    );
    return `  return ${F}(${parts.join(", ")});`;
  }),
  threefry: (name, w) => {
    const T = typeOf("u32", w);
    const rounds = Array.from({ length: 5 }, (_, group) => {
      const turns = Array.from({ length: 4 }, (_, r) => {
        const by = ROTATIONS[(group % 2) * 4 + r]!;
        return `x0 += x1; x1 = ((x1 << ${T}(${by}u)) | (x1 >> ${T}(${32 - by}u))) ^ x0;`;
      });
      const keys = ["k0", "k1", "k2"];
      return `  ${turns.join(" ")}\n  x0 += ${keys[(group + 1) % 3]}; x1 += ${
        keys[(group + 2) % 3]
      } + ${group + 1}u;`;
    });
    return fn(
      name,
      `(k0: ${T}, k1: ${T}, counter: ${T}, purpose: u32, word: u32) -> ${T}`,
      `  let k2 = ${T}(${PARITY}u) ^ k0 ^ k1;
  var x0 = counter + k0;
  var x1 = purpose + k1;
${rounds.join("\n")}
  return select(x1, x0, word == 0u);`,
    );
  },
};

/** The functions on floats, by the names of their helpers. */
const mathHelpers = Object.entries(MATHS).map(([name, write]) =>
  [mathHelperName(name as MathName), write] as const
);

const WIDTHS: readonly Width[] = [1, 4];

/** The emitter of each helper, by its symbol. */
const WRITERS: ReadonlyMap<string, () => Declaration> = new Map(
  [...Object.entries(HELPERS), ...mathHelpers].flatMap(([name, write]) =>
    WIDTHS.map((w) => [`${name}${w}`, () => write(`${name}${w}`, w)] as const)
  ),
);

/** The helpers that texts refer to, directly or through other helpers, each before its first use. */
export function helpersIn(texts: readonly string[]): Declaration[] {
  const scalars = new Set<string>(), found = new Map<string, Declaration>();
  const visited = new Set<string>();
  const add = (text: string) => {
    for (const name of helpersCalledIn(text)) {
      if (name in SCALAR_HELPERS) scalars.add(name);
      const write = WRITERS.get(name);
      if (!write || visited.has(name)) continue;
      visited.add(name);
      const helper = write();
      add(showDeclaration(helper));
      found.set(name, helper);
    }
  };
  texts.forEach(add);
  const ofScalars = Object.entries(SCALAR_HELPERS).filter(([name]) => scalars.has(name));
  return [...ofScalars.map(([, helper]) => helper), ...found.values()];
}
