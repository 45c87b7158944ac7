/**
 * Running averages of parameters.
 *
 * @module
 */
import { add, cast, div, minimum, mul, sub } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves, unflatten } from "../tree.ts";

/** Throws RangeError unless a decay is from 0 to below 1. */
export function checkAveraging(decay: number | undefined): void {
  if (decay === undefined || decay >= 0 && decay < 1) return;
  throw new RangeError(`fit: expected averaging from 0 to below 1, found ${decay}`);
}

/** How the averages move in a step. */
interface Move {
  readonly decay: number;
  /** Steps taken before, i32[]. */
  readonly step: Tensor;
}

/**
 * The averages after a step: a ← a + (1 - d)(w - a), with d = min(decay, (1 + step) / (10 + step)), so that
 * the first parameters do not stay in them for long; TensorFlow's `ExponentialMovingAverage` with
 * `num_updates`. All parameters are averaged, the running statistics of batch norm too.
 */
export function averageParams<P extends Params>(
  averages: P,
  params: P,
  { decay, step }: Move,
): P {
  const t = cast(step, "f32"), d = minimum(decay, div(add(t, 1), add(t, 10)));
  const share = sub(1, d), weights = leaves<Tensor>(params);
  const moved = leaves<Tensor>(averages).map((a, i) => add(a, mul(sub(weights[i]!, a), share)));
  return unflatten<P, Tensor, Tensor>(averages, moved) as unknown as P;
}
