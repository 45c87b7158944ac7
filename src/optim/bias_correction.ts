/**
 * The correction of running means that begin with 0, as Adam and its relatives have it.
 *
 * @module
 */
import { add, cast, exp, less, mul, sub, where } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";

/** The number of a step from 1, f32[], from the steps taken before it. */
export const countFrom1 = (step: Tensor): Tensor => cast(add(step, 1), "f32");

/** 1 - β^t, without cancellation in float32 where β^t is close to 1. */
export function oneMinusPower(beta: number, t: Tensor): Tensor {
  const z = mul(t, -Math.log(beta));
  const series = mul(z, sub(1, mul(z, sub(1 / 2, mul(z, sub(1 / 6, mul(z, 1 / 24)))))));
  return where(less(z, 0.05), series, sub(1, exp(mul(z, -1))));
}
