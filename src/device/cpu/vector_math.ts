/**
 * Vectorized math functions on four f32, by polynomials (exp, log and tanh after Cephes' single-precision
 * library, erf by fits of its own), written in place: a call would have to save every vector in use.
 *
 * Errors relative to float64, over the whole range: `exp` and `log` within 1 unit in the last place, `tanh`
 * and `erf` within 2, `sigmoid` within 3, `pow` within a relative (2 + |b · log a|) · 2⁻²³. Infinities,
 * NaN, zeros and denormal numbers behave as in C99.
 *
 * @module
 */
import type { Features } from "./features.ts";
import { float, integer, type Value, VectorCode, type Vectors } from "./vector_code.ts";
import type { Known } from "../../tuple.ts";
import type { Func } from "./wasm/function.ts";

/** The names of the functions' instructions. */
export type MathName = "exp" | "log" | "tanh" | "sigmoid" | "erf" | "pow";

const LN2_HIGH = float(0.693359375), LN2_LOW = float(-2.12194440e-4);

/** 1.5 · 2²³: adding it rounds to an integer, which is then in the low bits. */
const ROUND = 1.5 * 2 ** 23;

const ONE = float(1), SIGN = integer(0x80000000);

const FUNCTIONS: Readonly<Record<MathName, (v: VectorCode, x: Vectors, y: Vectors) => Vectors>> = {
  exp,
  log,
  tanh,
  sigmoid,
  erf,
  pow,
};

/** Emits math functions for an engine. */
export class VectorMath {
  /** The features of the engine. */
  readonly features: Features;

  constructor(features: Features) {
    this.features = features;
  }

  /**
   * The values of a function of one argument, or of two for `pow`, for several vectors at once.
   *
   * @param constants The values of arguments that are constant.
   */
  of(
    f: Func,
    name: MathName,
    [x, y]: Known<Vectors>,
    [, exponent]: Known<number | undefined>,
  ): Vectors {
    const v = new VectorCode(f, this.features, x.length);
    if (name === "pow" && exponent !== undefined && Math.abs(exponent) > 0 && isFinite(exponent)) {
      return powOf(v, x, exponent);
    }
    return FUNCTIONS[name](v, x, y);
  }
}

/** Whether an instruction is a math function. */
export const isMath = (name: string): name is MathName => name in FUNCTIONS;

/** eˣ of x in [-104, 89] or NaN. */
function expWithin(v: VectorCode, x: Vectors): Vectors {
  // x / ln 2 and half of it, rounded: n + 254 and h + 127 are in the low bits.
  const sum = v.multiplyAdd(x, float(Math.LOG2E), float(ROUND + 254));
  const half = v.multiplyAdd(x, float(Math.LOG2E / 2), float(ROUND + 127));
  const n = v.op("f32x4.sub", sum, float(ROUND + 254));
  const r = v.multiplySubtract(n, LN2_LOW, v.multiplySubtract(n, LN2_HIGH, x));
  const power = v.polynomial(r, [
    1.3814596459e-3,
    8.3687175065e-3,
    4.1668388993e-2,
    1.6666521132e-1,
    4.9999994040e-1,
    1,
    1,
  ]);
  // 2ⁿ as two factors, so that denormal results are rounded and not flushed to zero.
  const first = v.op("f32x4.mul", power, v.shift("i32x4.shl", half, 23));
  return v.op(
    "f32x4.mul",
    first,
    v.shift("i32x4.shl", v.op("i32x4.sub", sum, half), 23),
  );
}

/** A value that is at least a bound, or NaN. */
const atLeast = (v: VectorCode, x: Value, bound: number) => v.op("f32x4.pmax", x, float(bound));

/** A value that is at most a bound, or NaN. */
const atMost = (v: VectorCode, x: Value, bound: number) => v.op("f32x4.pmin", x, float(bound));

function exp(v: VectorCode, x: Vectors): Vectors {
  return expWithin(v, atMost(v, atLeast(v, x, -104), 89));
}

function log(v: VectorCode, x: Vectors): Vectors {
  const tiny = v.op("f32x4.lt", x, float(2 ** -126));
  const y = v.select(tiny, v.op("f32x4.mul", x, float(2 ** 23)), x);
  // y = 2ᵉ · (1 + m), where 1 + m is from √½ to √2.
  const above = v.op("i32x4.sub", y, integer(0x3f3504f3));
  const bits = v.shift("i32x4.shr_s", above, 23);
  const m = v.op(
    "f32x4.sub",
    v.op("i32x4.sub", y, v.shift("i32x4.shl", bits, 23)),
    ONE,
  );
  const shifted = v.op("v128.and", tiny, float(-23));
  const e = v.op("f32x4.add", v.op("f32x4.convert_i32x4_s", bits), shifted);
  const square = v.op("f32x4.mul", m, m);
  const cube = v.op("f32x4.mul", m, square);
  const p = v.polynomial(m, [
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  ]);
  let small = v.op("f32x4.mul", p, cube);
  small = v.multiplyAdd(e, LN2_LOW, small);
  small = v.multiplySubtract(square, float(0.5), small);
  let result = v.multiplyAdd(e, LN2_HIGH, v.op("f32x4.add", m, small));
  // Infinity and NaN are their own logarithms; then the cases of zero and of negative numbers.
  result = v.select(v.op("f32x4.lt", x, float(Infinity)), result, x);
  result = v.select(v.op("f32x4.eq", x, float(0)), float(-Infinity), result);
  return v.op("v128.or", result, v.op("f32x4.lt", x, float(0)));
}

/** `near` below a border, else `far` with the sign of x. */
function joined(
  v: VectorCode,
  x: Vectors,
  size: Vectors,
  border: number,
  near: Vectors,
  far: Vectors,
) {
  const signed = v.op("v128.or", far, v.op("v128.and", x, SIGN));
  return v.select(v.op("f32x4.lt", size, float(border)), near, signed);
}

/** x + x³ · p(x²), for small x. */
function oddPolynomial(v: VectorCode, x: Vectors, p: readonly [number, ...number[]]): Vectors {
  const square = v.op("f32x4.mul", x, x), cube = v.op("f32x4.mul", square, x);
  return v.multiplyAdd(v.polynomial(square, p), cube, x);
}

function tanh(v: VectorCode, x: Vectors): Vectors {
  const size = atMost(v, v.op("f32x4.abs", x), 10);
  // 1 - 2 / (e²ˣ + 1): the power needs no more than absolute accuracy.
  const n = v.op(
    "f32x4.sub",
    v.multiplyAdd(size, float(2 * Math.LOG2E), float(ROUND)),
    float(ROUND),
  );
  const sum = v.multiplyAdd(size, float(2 * Math.LOG2E), float(ROUND + 127));
  const twice = v.op("f32x4.add", size, size);
  const r = v.multiplySubtract(n, LN2_LOW, v.multiplySubtract(n, LN2_HIGH, twice));
  const power = v.polynomial(r, [
    8.3125224337e-3,
    4.1890159249e-2,
    1.6667114198e-1,
    4.9999231100e-1,
    1,
    1,
  ]);
  const e = v.multiplyAdd(power, v.shift("i32x4.shl", sum, 23), ONE);
  const far = v.op("f32x4.sub", ONE, v.op("f32x4.div", float(2), e));
  const near = oddPolynomial(v, x, [
    -5.70498872745e-3,
    2.06390887954e-2,
    -5.37397155531e-2,
    1.33314422036e-1,
    -3.33332819422e-1,
  ]);
  return joined(v, x, size, 0.625, near, far);
}

function sigmoid(v: VectorCode, x: Vectors): Vectors {
  const below = atLeast(v, v.op("v128.or", x, SIGN), -104), e = expWithin(v, below);
  const negative = v.op("f32x4.lt", x, float(0));
  return v.op("f32x4.div", v.select(negative, e, ONE), v.op("f32x4.add", e, ONE));
}

/** x + x · near(x²) below 0.95; from there on 1 - far(|x|)⁴, which is 1 from 3.93 on. */
function erf(v: VectorCode, x: Vectors): Vectors {
  const size = atMost(v, v.op("f32x4.abs", x), 3.93);
  const root = v.polynomial(size, [
    -2.6209547e-5,
    2.4066973e-4,
    3.4976436e-4,
    -1.1135420e-2,
    4.0079448e-2,
    -1.2090439e-2,
    -9.8096423e-2,
    -2.9123536e-1,
    1.0016835,
  ]);
  const square = v.op("f32x4.mul", root, root);
  const far = v.multiplySubtract(square, square, ONE);
  const p = v.polynomial(v.op("f32x4.mul", x, x), [
    -5.8620796e-4,
    4.9675060e-3,
    -2.6748863e-2,
    1.1281320e-1,
    -3.7612447e-1,
    1.2837914e-1,
  ]);
  return joined(v, x, size, 0.95, v.multiplyAdd(p, x, x), far);
}

function pow(v: VectorCode, a: Vectors, b: Vectors): Vectors {
  const size = exp(v, v.op("f32x4.mul", b, log(v, v.op("f32x4.abs", a))));
  const halves = v.op("f32x4.floor", v.op("f32x4.mul", b, float(0.5)));
  const parity = v.op("f32x4.sub", b, v.op("f32x4.mul", halves, float(2)));
  const odd = v.op("f32x4.eq", parity, ONE);
  // Negative bases: odd exponents keep the sign; finite bases need integer exponents, else NaN.
  const negative = v.op("v128.and", v.shift("i32x4.shr_s", a, 31), odd);
  const signed = v.select(negative, v.op("f32x4.neg", size), size);
  const isInteger = v.op("f32x4.eq", v.op("f32x4.floor", b), b);
  const isBelow = v.op(
    "v128.and",
    v.op("f32x4.lt", a, float(0)),
    v.op("f32x4.gt", a, float(-Infinity)),
  );
  const result = v.select(isBelow, v.select(isInteger, signed, float(NaN)), signed);
  // 1 for exponent 0, for base 1, and for -1 to ±∞, even if the other operand is NaN.
  const ones = v.op(
    "v128.and",
    v.op("f32x4.eq", v.op("f32x4.abs", a), ONE),
    v.op("f32x4.eq", v.op("f32x4.abs", b), float(Infinity)),
  );
  const isOne = v.op("v128.or", ones, v.op("f32x4.eq", a, ONE));
  return v.select(v.op("v128.or", isOne, v.op("f32x4.eq", b, float(0))), ONE, result);
}

/** A power with a constant exponent that is neither zero nor infinite. */
function powOf(v: VectorCode, a: Vectors, b: number): Vectors {
  const size = exp(v, v.op("f32x4.mul", log(v, v.op("f32x4.abs", a)), float(b)));
  if (b % 2 === 0) return size;
  if (Number.isInteger(b)) return v.op("v128.or", size, v.op("v128.and", a, SIGN));
  const isBelow = v.op(
    "v128.and",
    v.op("f32x4.lt", a, float(0)),
    v.op("f32x4.gt", a, float(-Infinity)),
  );
  return v.op("v128.or", size, isBelow);
}
