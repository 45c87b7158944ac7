/**
 * Vectorized math functions on four f32, by polynomials (after Cephes' single-precision library).
 *
 * Errors relative to float64, over the whole range: `exp` and `log` within 1 unit in the last place, `tanh`
 * and `erf` within 2, `sigmoid` within 3, `pow` within a relative (2 + |b · log a|) · 2⁻²³. Infinities,
 * NaN, zeros and denormal numbers behave as in C99.
 *
 * @module
 */
import { ERROR_FUNCTION_F32 } from "../../ops/error_function.ts";
import { Func, type Local } from "./wasm/function.ts";
import type { ModuleBuilder } from "./wasm/module.ts";
import { type Features, multiplyAdd } from "./features.ts";

/** The functions, by the names of their instructions. */
export const MATH_NAMES = ["exp", "log", "tanh", "sigmoid", "erf", "pow"] as const;

/** One of {@linkcode MATH_NAMES}. */
export type MathName = (typeof MATH_NAMES)[number];

const LN2_HIGH = 0.693359375, LN2_LOW = -2.12194440e-4;

/** The math functions of one module, each added to it on first use. */
export class VectorMath {
  readonly #module: ModuleBuilder;
  readonly #features: Features;
  readonly #known = new Map<MathName, Func>();
  readonly #write: Readonly<Record<MathName, (f: Func) => void>> = {
    exp: (f) => this.#exp(f),
    log: (f) => this.#log(f),
    tanh: (f) => this.#tanh(f),
    sigmoid: (f) => this.#sigmoid(f),
    erf: (f) => this.#erf(f),
    pow: (f) => this.#pow(f),
  };

  constructor(module: ModuleBuilder, features: Features) {
    this.#module = module;
    this.#features = features;
  }

  /** The function of a name: from one vector to one, or from two to one for `pow`. */
  get(name: MathName): Func {
    let func = this.#known.get(name);
    if (!func) {
      func = new Func(name === "pow" ? ["v128", "v128"] : ["v128"], ["v128"]);
      this.#write[name](func);
      this.#known.set(name, this.#module.add(func));
    }
    return func;
  }

  /** Emits a polynomial, highest coefficient first. */
  #polynomial(f: Func, x: Local, coefficients: readonly number[]) {
    f.floats(coefficients[0]!);
    const total = f.local("v128");
    for (const c of coefficients.slice(1)) {
      f.set(total);
      multiplyAdd(f, this.#features, () => f.get(total), () => f.get(x), () => f.floats(c));
    }
  }

  #exp(f: Func) {
    const [n, k, half] = f.locals("v128", 3), x = 0;
    f.get(x).floats(-106).op("f32x4.max").floats(89).op("f32x4.min").tee(x);
    f.floats(Math.LOG2E).op("f32x4.mul", "f32x4.nearest").set(n);
    f.get(x).get(n).floats(LN2_HIGH).op("f32x4.mul", "f32x4.sub");
    f.get(n).floats(LN2_LOW).op("f32x4.mul", "f32x4.sub").set(x);
    this.#polynomial(f, x, [
      1.9875691500e-4,
      1.3981999507e-3,
      8.3334519073e-3,
      4.1665795894e-2,
      1.6666665459e-1,
      5.0000001201e-1,
    ]);
    f.get(x, x).op("f32x4.mul", "f32x4.mul").get(x).op("f32x4.add").floats(1).op("f32x4.add");
    // 2ⁿ as two factors, so that denormal results are rounded and not flushed to zero.
    f.get(n).op("i32x4.trunc_sat_f32x4_s").tee(k).i32(1).op("i32x4.shr_s").set(half);
    const power = (exponent: () => void) => {
      exponent();
      f.integers(127).op("i32x4.add").i32(23).op("i32x4.shl", "f32x4.mul");
    };
    power(() => f.get(half));
    power(() => f.get(k, half).op("i32x4.sub"));
  }

  #log(f: Func) {
    const [tiny, m, e, small, z, result] = f.locals("v128", 6), x = 0;
    f.get(x).floats(2 ** -126).op("f32x4.lt").set(tiny);
    f.get(x).floats(2 ** 23).op("f32x4.mul").get(x, tiny).op("v128.bitselect").tee(m);
    f.i32(23).op("i32x4.shr_u").integers(126).op("i32x4.sub");
    f.get(tiny).integers(-23).op("v128.and", "i32x4.add").set(e);
    f.get(m).integers(0x007fffff).op("v128.and").integers(0x3f000000).op("v128.or").tee(m);
    f.floats(Math.SQRT1_2).op("f32x4.lt").tee(small);
    f.get(e).op("i32x4.add", "f32x4.convert_i32x4_s").set(e);
    f.get(m).get(m, small).op("v128.and", "f32x4.add").floats(1).op("f32x4.sub").tee(m);
    f.get(m).op("f32x4.mul").set(z);
    this.#polynomial(f, m, [
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
    f.get(m, z).op("f32x4.mul", "f32x4.mul");
    f.get(e).floats(LN2_LOW).op("f32x4.mul", "f32x4.add");
    f.get(z).floats(0.5).op("f32x4.mul", "f32x4.sub");
    f.get(m).op("f32x4.add").get(e).floats(LN2_HIGH).op("f32x4.mul", "f32x4.add");
    // Infinity and NaN are their own logarithms; then the cases of zero and of negative numbers.
    f.get(x).get(x).floats(Infinity).op("f32x4.lt", "v128.bitselect").set(result);
    f.floats(-Infinity).get(result).get(x).floats(0).op("f32x4.eq", "v128.bitselect").set(result);
    f.floats(NaN).get(result).get(x).floats(0).op("f32x4.lt", "v128.bitselect");
  }

  #tanh(f: Func) {
    const [size, z, large] = f.locals("v128", 3), x = 0, exp = this.get("exp");
    f.get(x).op("f32x4.abs").set(size);
    f.floats(1).floats(2).get(size, size).op("f32x4.add").call(exp);
    f.floats(1).op("f32x4.add", "f32x4.div", "f32x4.sub");
    f.get(x).integers(0x80000000).op("v128.and", "v128.or").set(large);
    f.get(x, x).op("f32x4.mul").set(z);
    this.#polynomial(f, z, [
      -5.70498872745e-3,
      2.06390887954e-2,
      -5.37397155531e-2,
      1.33314422036e-1,
      -3.33332819422e-1,
    ]);
    f.get(z, x).op("f32x4.mul", "f32x4.mul").get(x).op("f32x4.add").get(large);
    f.get(size).floats(0.625).op("f32x4.lt", "v128.bitselect");
  }

  #sigmoid(f: Func) {
    const [e, r] = f.locals("v128", 2), x = 0, exp = this.get("exp");
    f.floats(1).get(x).op("f32x4.abs", "f32x4.neg").call(exp).tee(e);
    f.floats(1).op("f32x4.add", "f32x4.div").set(r);
    f.get(e, r).op("f32x4.mul").get(r, x).floats(0).op("f32x4.lt", "v128.bitselect");
  }

  #erf(f: Func) {
    const { border, end, near, far } = ERROR_FUNCTION_F32;
    const [size, square, large] = f.locals("v128", 3), x = 0;
    f.get(x).op("f32x4.abs").floats(end).op("f32x4.min").set(size);
    f.floats(1);
    this.#polynomial(f, size, far);
    f.call(this.get("exp")).op("f32x4.sub");
    f.get(x).integers(0x80000000).op("v128.and", "v128.or").set(large);
    f.get(x, x).op("f32x4.mul").set(square);
    this.#polynomial(f, square, near);
    f.get(x).op("f32x4.mul").get(x).op("f32x4.add").get(large);
    f.get(size).floats(border).op("f32x4.lt", "v128.bitselect");
  }

  #pow(f: Func) {
    const a = 0, b = 1, [size, odd] = f.locals("v128", 2);
    f.get(b, a).op("f32x4.abs").call(this.get("log")).op("f32x4.mul").call(this.get("exp"));
    f.set(size);
    f.get(b).get(b).floats(0.5).op("f32x4.mul", "f32x4.floor").floats(2);
    f.op("f32x4.mul", "f32x4.sub").floats(1).op("f32x4.eq").set(odd);
    // Negative bases: odd exponents keep the sign; finite bases need integer exponents, else NaN.
    const below = () => f.get(a).floats(0).op("f32x4.lt");
    f.get(size).op("f32x4.neg").get(size);
    f.get(a).i32(31).op("i32x4.shr_s").get(odd).op("v128.and", "v128.bitselect").set(size);
    f.get(size).floats(NaN).get(b, b).op("f32x4.floor", "f32x4.eq", "v128.bitselect");
    f.get(size);
    below();
    f.get(a).floats(-Infinity).op("f32x4.gt", "v128.and", "v128.bitselect").set(size);
    // 1 for exponent 0, for base 1, and for -1 to ±∞, even if the other operand is NaN.
    const is = (x: Local, value: number, abs = false) => {
      f.get(x);
      if (abs) f.op("f32x4.abs");
      f.floats(value).op("f32x4.eq");
    };
    f.floats(1).get(size);
    is(a, 1, true);
    is(b, Infinity, true);
    f.op("v128.and");
    is(a, 1);
    f.op("v128.or");
    is(b, 0);
    f.op("v128.or", "v128.bitselect");
  }
}
