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
  /** What would be if the weights were multiplied by factors, [groups]. */
  scaled(factors: Tensor): Scaled;
}

/** A layer with its weights multiplied. */
export interface Scaled {
  /** The variances, [groups]. */
  readonly variances: Tensor;
  /** What leaves the segment. */
  readonly end: Tensor;
}

/** What leaves the segment with the weights as they are. */
export const unchanged = ({ unit, params, linear, tail }: Visit): Tensor =>
  tail(unit.finish(add(linear, unit.bias(params))));

/** Runs a layer once and measures what the options ask for. */
export function measure(at: Visit, { normalize }: Pick<Resolved, "normalize">): Measured {
  const { unit, params, linear, tail } = at, bias = unit.bias(params);
  const ofPieces = ofOutput(linear, bias, unit.pieces);
  return {
    groups: normalize === "output" ? unit.pieces : 1,
    scaled: (factors) => {
      const end = tail(unit.finish(add(scalePieces(linear, factors), bias)));
      const variances = normalize === "output" ? ofPieces(factors) : reshape(variance(end), [1]);
      return { variances, end };
    },
  };
}

/**
 * The variance of each piece of f · y + b over images, positions and channels, from the mean and
 * variance of each channel of y: E[f² var + (f mean + b)²] - E[f mean + b]², over channels.
 */
function ofOutput(linear: Tensor, bias: Tensor, pieces: number): (factors: Tensor) => Tensor {
  const size = linear.shape[linear.rank - 1]!, shape = [pieces, size / pieces];
  const rows = reshape(linear, [linear.size / size, size]);
  const centre = mean(rows, 0, { keep: true }), centred = sub(rows, centre);
  const means = reshape(centre, shape), spreads = reshape(mean(mul(centred, centred), 0), shape);
  const biases = reshape(bias, shape);
  return (factors) => {
    const f = reshape(factors, [pieces, 1]);
    const within = mean(mul(spreads, mul(f, f)), 1);
    return add(within, variance(add(mul(means, f), biases), 1));
  };
}
