/**
 * Variances, without overflow, of a layer's output and of what it would be with scaled weights. Without
 * biases the output is linear in the weights, so the layer need not run again.
 *
 * @module
 */
import {
  abs,
  add,
  concat,
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
 * A variance of weights times inputs up to this fraction of the largest square is due to rounding and
 * counts as zero; the weights are then not scaled.
 */
export const ZERO_VARIANCE = 1e-12;

/** Numbers of magnitude between this one's inverse and this one can be squared and summed in f32. */
const MODERATE = 1e15;

/** The variance of numbers, one element per group. */
export interface Spread {
  /** The population variance; infinite where it exceeds f32's range. */
  readonly variance: Tensor;
  /** The standard deviation, finite wherever the numbers are. */
  readonly deviation: Tensor;
  /** 1 where the weights contribute no variance, so that no factor changes it; u32. */
  readonly zero: Tensor;
  /** The mean. */
  readonly mean: () => Tensor;
  /**
   * What one of several processes gives the others of its share of a batch, f32 [5 · groups]: the mean and
   * deviation of the numbers, those of weights times inputs, and the largest magnitude of these.
   */
  readonly share: () => Tensor;
}

/** The measurement of a layer with weights. */
export interface Measured {
  /** The number of variances: one per piece, or one for all. */
  readonly groups: number;
  /** The variance of the output if the weights were multiplied by `factors`, [groups]. */
  scaled(factors: Tensor): Spread;
}

/** The divisor of numbers before they are squared: 1 unless the largest is out of the safe range. */
function divisorFor(largest: Tensor): Tensor {
  const fits = mul(greater(largest, 1 / MODERATE), less(largest, MODERATE));
  return where(fits, 1, where(greater(largest, 0), largest, 1));
}

const square = (x: Tensor): Tensor => mul(x, x);

const spread = (
  variance: Tensor,
  unit: Tensor,
  { zero, center, own }: {
    readonly zero: Tensor;
    /** The mean of the numbers, in units. */
    readonly center: () => Tensor;
    /** The mean, deviation and largest magnitude of weights times inputs. */
    readonly own: () => readonly Tensor[];
  },
): Spread => {
  const deviation = mul(unit, sqrt(variance)), mean = () => mul(unit, center());
  return {
    variance: mul(square(unit), variance),
    deviation,
    zero,
    mean,
    share: () => concat([mean(), deviation, ...own()], 0),
  };
};

/** The variance of all elements of a tensor, one group. */
function measureSpread(x: Tensor): Spread {
  const largest = reshape(max(abs(x)), [1]), unit = divisorFor(largest);
  const relative = div(x, reshape(unit, [])), found = reshape(variance(relative), [1]);
  const zero = lessEqual(found, mul(square(div(largest, unit)), ZERO_VARIANCE));
  const center = () => reshape(mean(relative), [1]);
  const own = () => [mul(unit, center()), mul(unit, sqrt(found)), largest];
  return spread(found, unit, { zero, center, own });
}

/**
 * The variance of each piece of f · y + b over images, positions and channels, from the mean and variance
 * of each channel of y: E[f² var + (f mean + b)²] - E[f mean + b]², over channels.
 */
function predictSpread(linear: Tensor, bias: Tensor, pieces: number): (factors: Tensor) => Spread {
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
    const centers = add(mul(means, f), div(biases, column(common)));
    return spread(add(within, variance(centers, 1)), common, {
      zero,
      center: () => mean(centers, 1),
      own: () => [mul(unit, mean(means, 1)), mul(unit, sqrt(own)), largest],
    });
  };
}

/** Measures what `normalize` selects, with the weights as they are and scaled. */
export function measure(at: Visit, { normalize }: Pick<Resolved, "normalize">): Measured {
  const { unit, params, x, tail } = at, { pieces } = unit;
  const linear = unit.linear(params, x), bias = unit.bias(params);
  if (normalize === "output") {
    return { groups: pieces, scaled: predictSpread(linear, bias, pieces) };
  }
  return {
    groups: 1,
    scaled: (factors) => measureSpread(tail(unit.finish(add(scalePieces(linear, factors), bias)))),
  };
}

/** Runs a layer with some parameters; returns the measured variance and the output of its segment. */
export function run(
  at: Visit,
  params: Params,
  options: Pick<Resolved, "normalize">,
): { readonly spread: Spread; readonly end: Tensor } {
  const end = at.tail(at.apply(params));
  if (options.normalize !== "output") return { spread: measureSpread(end), end };
  const { groups, scaled } = measure({ ...at, params }, options);
  return { spread: scaled(constant(1, [groups])), end };
}
