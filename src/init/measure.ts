/**
 * Variances without overflow, of a layer's output and of what it would be with the weights scaled: it is
 * linear in the weights, apart from the biases, so that the layer need not run again.
 *
 * @module
 */
import {
  abs,
  add,
  constant,
  div,
  greater,
  less,
  lessEqual,
  max,
  maximum,
  mean,
  mul,
  reshape,
  sqrt,
  sub,
  variance,
  where,
} from "../ops/mod.ts";
import { scalePieces } from "../nn/weights.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Resolved } from "./lsuv_options.ts";
import type { Visit } from "./walk.ts";

/**
 * Of weights times inputs, a variance up to this fraction of the largest square is rounding, and counts as
 * zero: the weights are then left alone.
 */
export const ZERO_VARIANCE = 1e-12;

/** Numbers up to here, and from its inverse on, have squares whose sums f32 holds. */
const MODERATE = 1e15;

/** How numbers vary, one element a group. */
export interface Spread {
  /** Their population variance; infinite where f32 cannot hold it. */
  readonly variance: Tensor;
  /** Its root, finite where the numbers are. */
  readonly deviation: Tensor;
  /** 1 where the weights bring no variance, so that no factor changes it; u32. */
  readonly zero: Tensor;
}

/** A layer with weights, measured. */
export interface Measured {
  /** How many variances there are: one a piece, or one for all. */
  readonly groups: number;
  /** How the output would vary if the weights were multiplied by factors, [groups]. */
  scaled(factors: Tensor): Spread;
}

/** What numbers are divided by before they are squared: 1 unless the largest is immoderate. */
function divisorFor(largest: Tensor): Tensor {
  const fits = mul(greater(largest, 1 / MODERATE), less(largest, MODERATE));
  return where(fits, 1, where(greater(largest, 0), largest, 1));
}

const square = (x: Tensor): Tensor => mul(x, x);

const spread = (variance: Tensor, unit: Tensor, zero: Tensor): Spread => ({
  variance: mul(square(unit), variance),
  deviation: mul(unit, sqrt(variance)),
  zero,
});

/** How all elements of a tensor vary, one group. */
function spreadOfAll(x: Tensor): Spread {
  const largest = reshape(max(abs(x)), [1]), unit = divisorFor(largest);
  const found = reshape(variance(div(x, reshape(unit, []))), [1]);
  const zero = lessEqual(found, mul(square(div(largest, unit)), ZERO_VARIANCE));
  return spread(found, unit, zero);
}

/**
 * How each piece of f · y + b varies over images, positions and channels, from the mean and variance of
 * each channel of y: E[f² var + (f mean + b)²] - E[f mean + b]², over channels.
 */
function spreadOfOutput(linear: Tensor, bias: Tensor, pieces: number): (factors: Tensor) => Spread {
  const size = linear.shape[linear.rank - 1]!, shape = [pieces, size / pieces];
  const rows = reshape(linear, [linear.size / size, size]);
  const largest = max(reshape(max(abs(rows), 0), shape), 1), unit = divisorFor(largest);
  const relative = scalePieces(rows, div(1, unit));
  const center = mean(relative, 0, { keep: true }), centered = sub(relative, center);
  const means = reshape(center, shape), spreads = reshape(mean(square(centered), 0), shape);
  const own = add(mean(spreads, 1), variance(means, 1));
  const zero = lessEqual(own, mul(square(div(largest, unit)), ZERO_VARIANCE));
  const biases = reshape(bias, shape), largestBias = max(abs(biases), 1);
  const column = (x: Tensor) => reshape(x, [pieces, 1]);
  return (factors) => {
    const common = divisorFor(maximum(mul(factors, largest), largestBias));
    const f = column(div(mul(factors, unit), common));
    const within = mean(mul(spreads, square(f)), 1);
    const between = variance(add(mul(means, f), div(biases, column(common))), 1);
    return spread(add(within, between), common, zero);
  };
}

/** Measures what the options ask for, as it is and as it would be. */
export function measure(at: Visit, { normalize }: Pick<Resolved, "normalize">): Measured {
  const { unit, params, x, tail } = at, { pieces } = unit;
  const linear = unit.linear(params, x), bias = unit.bias(params);
  if (normalize === "output") {
    return { groups: pieces, scaled: spreadOfOutput(linear, bias, pieces) };
  }
  return {
    groups: 1,
    scaled: (factors) => spreadOfAll(tail(unit.finish(add(scalePieces(linear, factors), bias)))),
  };
}

/** Measures a layer that runs with some parameters, and gives what leaves its segment. */
export function run(
  at: Visit,
  params: Params,
  options: Pick<Resolved, "normalize">,
): { readonly spread: Spread; readonly end: Tensor } {
  const end = at.tail(at.apply(params));
  if (options.normalize === "input") return { spread: spreadOfAll(end), end };
  const { groups, scaled } = measure({ ...at, params }, options);
  return { spread: scaled(constant(1, [groups])), end };
}
