/**
 * Measuring a layer's variance, and what it would be with the weights scaled, without running the
 * layer again: its output is linear in the weights, apart from the biases.
 *
 * @module
 */
import { add, mean, mul, reshape, sub, variance } from "../ops/mod.ts";
import { scalePieces } from "../nn/weights.ts";
import type { Tensor } from "../tensor.ts";
import type { Resolved } from "./lsuv_options.ts";
import type { Visit } from "./walk.ts";

/** A layer with weights, run once. */
export interface Measured {
  /** How many variances there are: one a piece, or one for all. */
  readonly groups: number;
  /** The variances, [groups], if the weights were multiplied by factors, [groups]. */
  variances(factors: Tensor): Tensor;
  /** What would leave the segment. */
  end(factors: Tensor): Tensor;
}

/** Runs a layer once and measures what the options ask for. */
export function measure(at: Visit, { normalize }: Pick<Resolved, "normalize">): Measured {
  const { unit, params, x, tail } = at;
  const bias = unit.bias(params), free = sub(unit.output(params, x), bias);
  const end = (factors: Tensor) => tail(unit.finish(add(scalePieces(free, factors), bias)));
  return normalize === "output"
    ? { groups: unit.pieces, variances: ofOutput(free, bias, unit.pieces), end }
    : { groups: 1, variances: (factors) => reshape(variance(end(factors)), [1]), end };
}

/**
 * The variance of each piece of f · y + b over images, positions and channels, from the mean and
 * variance of each channel of y: E[f² var + (f mean + b)²] - E[f mean + b]², over channels.
 */
function ofOutput(free: Tensor, bias: Tensor, pieces: number): Measured["variances"] {
  const size = free.shape[free.rank - 1], shape = [pieces, size / pieces];
  const rows = reshape(free, [free.size / size, size]);
  const means = reshape(mean(rows, 0), shape), spreads = reshape(variance(rows, 0), shape);
  const biases = reshape(bias, shape);
  return (factors) => {
    const f = reshape(factors, [pieces, 1]);
    const within = mean(mul(spreads, mul(f, f)), 1);
    return add(within, variance(add(mul(means, f), biases), 1));
  };
}
