/**
 * Orthonormal matrices out of Gaussian ones, by matrix products alone, so that it runs under `jit` on
 * every device: the polar factor of a Gaussian matrix is an orthonormal matrix drawn evenly.
 *
 * @module
 */
import { add, broadcastTo, cast, div, equal, iota } from "../ops/mod.ts";
import { matmul, mul, reshape, sqrt, sum, transpose } from "../ops/mod.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** Coefficients of σ → aσ + bσ³ + cσ⁵, one step on all singular values at once. */
type Quintic = readonly [a: number, b: number, c: number];

/** Triples small singular values, and sends those up to 1.2 to between 0.6 and 1.2. */
const LIFT: Quintic = [3.4445, -4.7750, 2.0315];

/** Newton–Schulz: an error e of a singular value near 1 becomes 2.5e³. */
const POLISH: Quintic = [15 / 8, -10 / 8, 3 / 8];

/** From where {@linkcode POLISH} reaches 1 within float32 rounding, and in how many steps. */
const LIFTED = 0.35, POLISHES = 4;

/** The chance that a Gaussian matrix has a smaller singular value than lifting is planned for. */
const MISS = 1e-6;

interface Schedule {
  /** What a matrix of mean square singular value 1 is divided by, so that the largest is at most 1. */
  readonly largest: number;
  /** Steps of {@linkcode LIFT}. */
  readonly lifts: number;
}

/**
 * What a Gaussian matrix of n ≥ m rows needs. Its singular values over √n lie within 1 ± √(m / n), the
 * smallest with a tail of ε^(n - m + 1) below ε times √n - √(m - 1) (Rudelson & Vershynin, 2009).
 */
function plan(n: number, m: number): Schedule {
  const largest = 1 + Math.sqrt(m / n) + 2 / Math.sqrt(n);
  const smallest = (1 - Math.sqrt((m - 1) / n)) * MISS ** (1 / (n - m + 1)) / largest;
  return {
    largest,
    lifts: Math.max(0, Math.ceil(Math.log(LIFTED / smallest) / Math.log(LIFT[0]))),
  };
}

const repeat = <T>(x: T, times: number): T[] => new Array<T>(times).fill(x);

/** Orthonormal columns nearest to those of x [count, n, m], n ≥ m. */
function polar(x: Tensor): Tensor {
  const [, n, m] = x.shape;
  const { largest, lifts } = plan(n, m);
  const eye = cast(equal(reshape(iota(m), [m, 1]), iota(m)), "f32");
  const norm = sqrt(sum(mul(x, x), [1, 2], { keep: true }));
  const steps: Quintic[] = [...repeat(LIFT, lifts), ...repeat(POLISH, POLISHES)];
  return steps.reduce((y, [a, b, c]) => {
    const gram = matmul(transpose(y, [0, 2, 1]), y);
    const even = add(mul(gram, b), mul(matmul(gram, gram), c));
    return matmul(y, add(mul(eye, a), even));
  }, mul(x, broadcastTo(div(Math.sqrt(m) / largest, norm), x.shape)));
}

/**
 * The polar factors of Gaussian matrices x [count, n, m], times `gain`, in a shape: orthonormal
 * columns, or rows where n < m. |XᵀX - I| stays below 1e-5 in float32: every step starts from
 * the matrix that it finds, so that rounding does not add up.
 */
export function orthonormalColumns(x: Tensor, gain: number, shape: Shape): Tensor {
  const [, n, m] = x.shape;
  const turn = (x: Tensor) => n < m ? transpose(x, [0, 2, 1]) : x;
  return reshape(mul(turn(polar(turn(x))), gain), shape);
}
