/**
 * The trial loop of algorithm 1 for one layer and one batch, unrolled in the graph.
 *
 * @module
 */
import {
  abs,
  add,
  cast,
  constant,
  div,
  equal,
  greaterEqual,
  less,
  maximum,
  minimum,
  mul,
  neg,
  sub,
  where,
} from "../ops/mod.ts";
import { isProportional } from "../nn/weights.ts";
import type { Tensor } from "../tensor.ts";
import type { Resolved } from "./lsuv_options.ts";
import { measure, run, type Spread } from "./measure.ts";
import type { UnitReport } from "./report.ts";
import type { Settled, Visit } from "./walk.ts";

/** The range of factors, so that scaled weights neither vanish nor overflow. */
export const FACTORS: readonly [least: number, most: number] = [2 ** -100, 2 ** 100];

/** Deviations up to this one have finite squares and can be compared. */
const COMPARABLE = 1e15;

/** A number not below this counts as infinite. */
const FINITE = 3e38;

/** A number in units of another; unchanged in units of 1. */
const inUnits = (x: Tensor, unit: number): Tensor => unit === 1 ? x : div(x, unit);

/** The distance of variances from the target, in its units; the same for all that overflow. */
const distance = ({ variance, deviation }: Spread, target: number): Tensor =>
  abs(sub(where(less(deviation, COMPARABLE), inUnits(variance, target), COMPARABLE), 1));

/** 1 where a variance is out of tolerance and can be scaled; u32. */
const needsScaling = (spread: Spread, { tolerance, target }: Resolved): Tensor =>
  mul(
    mul(greaterEqual(distance(spread, target), tolerance), less(spread.deviation, FINITE)),
    equal(spread.zero, 0),
  );

/** The result of a visit, with its report. */
export type Outcome = Settled & { readonly report: UnitReport };

const report = (
  before: Tensor,
  found: Spread,
  trials: Tensor,
  { tolerance, target }: Resolved,
): UnitReport => ({
  before,
  after: found.variance,
  trials,
  converged: less(distance(found, target), tolerance),
  zero: found.zero,
});

/** Factors, one for all pieces or one each, as one per piece. */
export const perPiece = (factors: Tensor, pieces: number): Tensor =>
  mul(constant(1, [pieces]), factors);

/** Measures a layer without scaling it. */
export function measureOnly(at: Visit, options: Resolved): Outcome {
  const { spread, end } = run(at, at.params, options), { variance } = spread;
  return {
    end,
    report: report(variance, spread, constant(0, variance.shape, "i32"), options),
  };
}

/** Runs the unrolled trial loop of algorithm 1 on one batch, then the layer with the scaled weights. */
export function rescale(at: Visit, options: Resolved): Outcome {
  if (!at.free) return measureOnly(at, options);
  const { groups, scaled } = measure(at, options), { unroll, target, center } = options;
  let factors = constant(1, [groups]), trials = constant(0, [groups], "i32");
  let found = scaled(factors);
  const before = found.variance;
  for (let trial = 0; trial < unroll; trial++) {
    const retry = needsScaling(found, options);
    const next = div(factors, where(retry, inUnits(found.deviation, Math.sqrt(target)), 1));
    factors = minimum(maximum(next, FACTORS[0]), FACTORS[1]);
    trials = add(trials, cast(retry, "i32"));
    found = scaled(factors);
  }
  const weights = at.unit.scale(at.params, perPiece(factors, at.unit.pieces));
  const params = center && at.unit.shift ? at.unit.shift(weights, neg(found.mean())) : weights;
  if (options.normalize === "output" && isProportional(at.unit)) {
    return { end: at.apply(params), params, report: report(before, found, trials, options) };
  }
  // The output of other layers need not be proportional to the factor, so it is measured.
  const { spread, end } = run(at, params, options);
  return { end, params, report: report(before, spread, trials, options) };
}
