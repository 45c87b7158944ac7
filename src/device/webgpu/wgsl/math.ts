/**
 * Functions on floats that WGSL lacks or has for some arguments only; special cases (±∞, NaN, ±0, overflow)
 * are as in C99.
 *
 * @module
 */
import { ERROR_FUNCTION_F32 } from "./error_function.ts";
import { floats, type Helper, INF, NEGATIVE, SIZE } from "./float_helper.ts";
import { helperCall } from "./helper_call.ts";
import { floatBits } from "../../../host_data.ts";
import { literal } from "./literal.ts";
import { helperSymbol } from "./symbols.ts";
import type { Width } from "./types.ts";

/** A polynomial of a variable, the highest coefficient first. */
const polynomial = (F: string, x: string, [first, ...others]: readonly number[]) =>
  others.reduce((total, c) => `(${total} * ${x} + ${F}(${c}))`, `${F}(${first})`);

/** The functions, by the names of their instructions. */
export const MATHS = {
  exp: floats(
    "x",
    (F, _U, w) =>
      `  let inside = select(exp(clamp(x, ${F}(-104.0), ${F}(89.0))), ${F}(), x < ${F}(-103.98));
  let above = select(inside, ${literal(Infinity, "f32", w)}, x > ${F}(88.72284));
  return select(above, x, ${helperCall("is_nan", w, "x")});`,
  ),
  log: floats("x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let zero = select(log(x), ${literal(-Infinity, "f32", w)}, (bits & ${U}(${SIZE})) == ${U}());
  let below = select(zero, ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  sqrt: floats("x", (_F, U, w) =>
    `  let bits = bitcast<${U}>(x);
  let below = select(sqrt(x), ${literal(NaN, "f32", w)}, bits > ${U}(${NEGATIVE}));
  return select(below, x, bits - ${U}(${INF}) < ${U}(0x800000u));`),
  // Drivers overflow in tanh; beyond ±9.01 it is ±1 in f32.
  tanh: floats(
    "x",
    (F, _U, w) =>
      `  return select(tanh(clamp(x, ${F}(-10.0), ${F}(10.0))), x, ${
        helperCall("is_nan", w, "x")
      });`,
  ),
  sigmoid: floats(
    "x",
    (F, _U, w) =>
      `  let inside = 1.0 / (1.0 + exp(-clamp(x, ${F}(-87.0), ${F}(87.0))));
  return select(select(inside, ${F}(), x < ${F}(-87.5)), x, ${helperCall("is_nan", w, "x")});`,
  ),
  erf: floats("x", (F, U, w) => {
    const { border, end, near, far } = ERROR_FUNCTION_F32;
    return `  let size = min(abs(x), ${F}(${end}.0));
  let sign = bitcast<${U}>(x) & ${U}(${NEGATIVE});
  let large = 1.0 - exp(${polynomial(F, "size", far)});
  let signed = bitcast<${F}>(bitcast<${U}>(large) | sign);
  let inside = select(signed, x + x * ${polynomial(F, "(x * x)", near)}, size < ${F}(${border}));
  return select(inside, x, ${helperCall("is_nan", w, "x")});`;
  }),
  // WGSL's pow does not support negative bases. The other cases are as in C99 and IEEE 754.
  pow: floats("xy", (F, U, w) => {
    const inf = literal(Infinity, "f32", w),
      nan = literal(NaN, "f32", w),
      one = `${U}(${floatBits(1)}u)`;
    return `  let bx = bitcast<${U}>(x);
  let by = bitcast<${U}>(y);
  let sx = bx & ${U}(${SIZE});
  let sy = by & ${U}(${SIZE});
  let rises = by < ${U}(${NEGATIVE});
  let below = bx >= ${U}(${NEGATIVE});
  let small = sy < ${U}(${floatBits(2 ** 24)}u);
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
} as const satisfies Readonly<Record<string, Helper>>;

/** The functions. */
export type MathName = keyof typeof MATHS;

/** The name of a function's helper, which differs from WGSL's builtins. */
export const mathHelperName = (name: MathName): string => `safe_${name}`;

/** A call of a function. */
export const mathCall = (name: MathName, width: Width, args: string): string =>
  `${helperSymbol(`${mathHelperName(name)}${width}`)}(${args})`;
