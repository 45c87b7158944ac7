/**
 * The inverse square root of a symmetric positive definite matrix, by matrix products on the device.
 *
 * @module
 */
import { add, matmul, mul, reshape, slice, sqrt, sub, sum, transpose } from "../../ops/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { type Tensor, tensor } from "../../tensor.ts";
import { diagonal } from "./diagonal.ts";
import { type Cubic, scaledCubics } from "./scaled_cubics.ts";

/** A little above 1, for a norm that was rounded down. */
const ABOVE = 1 + 1e-5;

/** The root of the sum of a matrix's squares, which no eigenvalue exceeds. */
export async function frobeniusNorm(run: Runtime, a: Tensor): Promise<number> {
  const norm = await run.read(run.jit((a: Tensor) => sqrt(sum(mul(a, a))))(a));
  return norm[0]!;
}

/** Bounds of a matrix's eigenvalues. */
export interface EigenvalueBounds {
  /** A lower bound, above 0. */
  readonly smallest: number;
  /** The Frobenius norm. */
  readonly norm: number;
}

const coefficients = ({ first, third }: Cubic): Tensor => tensor([first, third]);

/** The matrix first·I - third·m. */
function factor(m: Tensor, cubic: Tensor): Tensor {
  const [first, third] = [0, 1].map((k) => reshape(slice(cubic, [k], [k + 1]), []));
  return sub(diagonal(m.shape[0]!, first!), mul(third!, m));
}

/** The symmetric part of a matrix: all matrices here commute, so what is lost is rounding. */
const symmetric = (m: Tensor): Tensor => mul(add(m, transpose(m)), 0.5);

/**
 * The inverse square root of a symmetric matrix, f32[n, n], to about 1e-5 of its norm where the condition
 * number is 1e4. With m = a / ‖a‖ and z = I, each cubic c of the schedule takes m to c(m)·m·c(m), whose
 * eigenvalues are nearer to 1, and z to z·c(m): two and one products, and z ends as m^(-1/2). (N. Higham,
 * *Functions of Matrices*, 2008, section 6.3, by a polynomial in place of the inverse.)
 */
export function inverseSqrt(
  run: Runtime,
  a: Tensor,
  { smallest, norm }: EigenvalueBounds,
): Tensor {
  const bound = norm * ABOVE, cubics = scaledCubics(Math.sqrt(smallest / bound));
  const times = run.jit((a: Tensor, by: Tensor) => symmetric(mul(a, by)));
  const factorOf = run.jit(factor), product = run.jit((z: Tensor, q: Tensor) => matmul(z, q));
  const advance = run.jit((m: Tensor, q: Tensor) => symmetric(matmul(matmul(m, q), q)));
  let m = times(a, tensor(1 / bound)), z: Tensor | undefined;
  for (const [step, cubic] of cubics.entries()) {
    const q = factorOf(m, coefficients(cubic));
    z = z ? product(z, q) : q;
    if (step < cubics.length - 1) m = advance(m, q);
  }
  return times(z!, tensor(1 / Math.sqrt(bound)));
}
