/**
 * The WGSL functions that instructions and kernels call.
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
import { bitsOf, INFINITE, literal } from "./literal.ts";
import { type Declaration, expressionFn, fn, showDeclaration } from "./module.ts";
import { symbolsIn } from "./symbols.ts";
import { typeOf, type Width } from "./types.ts";

/** A helper for one or four elements at once. */
type Helper = (name: string, width: Width) => Declaration;

/** A helper of floats: its parameters, a letter each, and its body in their types. */
const floats = (
  parameters: string,
  body: (F: string, U: string, w: Width) => string,
): Helper =>
(name, w) => {
  const F = typeOf("f32", w), U = typeOf("u32", w);
  const typed = parameters.split("").map((x) => `${x}: ${F}`).join(", ");
  return fn(name, `(${typed}) -> ${F}`, body(F, U, w));
};

const SIZE = "0x7fffffffu", NEGATIVE = "0x80000000u", INF = `${INFINITE}u`;

/** A test of the bits of floats. */
const test = (holds: (size: string, U: string) => string): Helper => (name, w) => {
  const U = typeOf("u32", w), size = `(bitcast<${U}>(x) & ${U}(${SIZE}))`;
  const result = w === 1 ? "bool" : "vec4<bool>";
  return expressionFn(name, `(x: ${typeOf("f32", w)}) -> ${result}`, holds(size, U));
};

/** The helpers of single numbers, by name. */
const SCALAR_HELPERS: Readonly<Record<ScalarHelperName, Declaration>> = {
  /** Integers divided as f32, which processors divide vectors of. */
  quotient: fn(
    "quotient",
    "(a: i32, b: i32) -> u32",
    `  let near = i32(f32(a) / f32(b));
  let rest = a - near * b;
  return u32(near + select(0, 1, rest >= b) - select(0, 1, rest < 0));`,
  ),
  /** The remainder of one division: of mantissas as integers, eight more bits of the quotient a round. */
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
 * The helpers of one or four elements, by name; each once for each width. WGSL lets compilers
 * assume that there is no infinity and no NaN, so these look at bits.
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
  // 0 for all from -0 to -∞, whose bits are the highest but for those of NaN.
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
  safe_exp: floats(
    "x",
    (F, _U, w) =>
      `  let inside = select(exp(clamp(x, ${F}(-104.0), ${F}(89.0))), ${F}(), x < ${F}(-103.98));
  let above = select(inside, ${literal(Infinity, "f32", w)}, x > ${F}(88.72284));
  return select(above, x, ${helperCall("is_nan", w, "x")});`,
  ),
  safe_log: floats("x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let zero = select(log(x), ${literal(-Infinity, "f32", w)}, (bits & ${U}(${SIZE})) == ${U}());
  let below = select(zero, ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  safe_sqrt: floats("x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let below = select(sqrt(x), ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  // Drivers overflow inside tanh; beyond ±9.01 it is ±1 in f32.
  safe_tanh: floats(
    "x",
    (F, _U, w) =>
      `  return select(tanh(clamp(x, ${F}(-10.0), ${F}(10.0))), x, ${
        helperCall("is_nan", w, "x")
      });`,
  ),
  safe_sigmoid: floats(
    "x",
    (F, _U, w) =>
      `  let inside = 1.0 / (1.0 + exp(-clamp(x, ${F}(-87.0), ${F}(87.0))));
  return select(select(inside, ${F}(), x < ${F}(-87.5)), x, ${helperCall("is_nan", w, "x")});`,
  ),
  // WGSL's pow takes no negative bases. The rest is as C99 and IEEE 754 have it.
  safe_pow: floats("xy", (F, U, w) => {
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
  threefry: (name, w) => {
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

const WIDTHS: readonly Width[] = [1, 4];

/** What writes each helper, by its symbol. */
const WRITERS: ReadonlyMap<string, () => Declaration> = new Map(
  Object.entries(HELPERS).flatMap(([name, write]) =>
    WIDTHS.map((w) => [`${name}${w}`, () => write(`${name}${w}`, w)] as const)
  ),
);

/** The helpers that texts refer to, and those that they refer to, each before the first that needs it. */
export function helpersIn(texts: readonly string[]): Declaration[] {
  const scalars = new Set<string>(), found = new Map<string, Declaration>();
  const visited = new Set<string>();
  const add = (text: string) => {
    for (const name of symbolsIn(text)) {
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
