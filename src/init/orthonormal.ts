/**
 * Orthonormal matrices out of Gaussian ones, by matrix products alone, so that it runs under `jit` on
 * every device: the polar factor of a Gaussian matrix is an orthonormal matrix drawn evenly.
 *
 * @module
 */
import { add, broadcastTo, cast, div, equal, iota } from "../ops/mod.ts";
import { matmul, mul, reshape, sqrt, sub, sum, transpose } from "../ops/mod.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** σ → aσ + bσ³ + cσ⁵ triples small singular values and keeps those up to 1.2 between 0.6 and 1.2. */
const LIFT = [3.4445, -4.7750, 2.0315] as const;

/** Where σ → 1.5σ - 0.5σ³ reaches 1 within float32 rounding after {@linkcode POLISH} steps. */
const LIFTED = 0.35;
const POLISH = 6;

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

/** Orthonormal columns nearest to those of x [count, n, m], n ≥ m. */
function polar(x: Tensor): Tensor {
  const [, n, m] = x.shape;
  const { largest, lifts } = plan(n, m);
  const eye = cast(equal(reshape(iota(m), [m, 1]), iota(m)), "f32");
  const gram = (x: Tensor) => matmul(transpose(x, [0, 2, 1]), x);
  const [a, b, c] = LIFT;
  const norm = sqrt(sum(mul(x, x), [1, 2], { keep: true }));
  let y = mul(x, broadcastTo(div(Math.sqrt(m) / largest, norm), x.shape));
  for (let i = 0; i < lifts; i++) {
    const g = gram(y);
    y = matmul(y, add(mul(eye, a), add(mul(g, b), mul(matmul(g, g), c))));
  }
  for (let i = 0; i < POLISH; i++) y = matmul(y, sub(mul(eye, 1.5), mul(gram(y), 0.5)));
  return y;
}

/**
 * The polar factors of Gaussian matrices x [count, n, m], times `gain`, in a shape: orthonormal
 * columns, or rows where n < m. |XᵀX - I| stays below 1e-5 in float32: a last cubic step squares the
 * error that it finds.
 */
export function orthonormalColumns(x: Tensor, gain: number, shape: Shape): Tensor {
  const [, n, m] = x.shape;
  const turn = (x: Tensor) => n < m ? transpose(x, [0, 2, 1]) : x;
  return reshape(mul(turn(polar(turn(x))), gain), shape);
}
