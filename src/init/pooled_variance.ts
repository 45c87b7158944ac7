/**
 * The variances of a layer's output over the shares of several processes, from each share's own: the
 * parallel algorithm of Chan, Golub & LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing
 * Sample Variances" (1979), in 64 bits and in the order of the ranks.
 *
 * @module
 */
import { ZERO_VARIANCE } from "./measure.ts";

/** The measurement of one group of weights. */
export interface Measurement {
  readonly deviation: number;
  /** The mean; 0 where it is not asked for. */
  readonly mean: number;
  /** Whether the weights contribute no variance. */
  readonly zero: boolean;
}

/** The rows of what a process measures of its share, each of one number per group. */
const ROWS = 5;

/** The mean and the standard deviation of so many numbers. */
interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
}

/** The mean and the population variance of all numbers together. */
function pool(parts: readonly Moments[]): { readonly mean: number; readonly variance: number } {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const center = parts.reduce((sum, { count, mean }) => sum + count / total * mean, 0);
  const variance = parts.reduce(
    (sum, { count, mean, deviation }) =>
      sum + count / total * (deviation ** 2 + (mean - center) ** 2),
    0,
  );
  return { mean: center, variance };
}

/**
 * The measurements of all groups over all processes.
 *
 * @param shares What each process measured, as `Spread.share` has it.
 * @param counts How many examples each of them has.
 */
export function poolShares(
  shares: readonly Float64Array[],
  counts: readonly number[],
): readonly Measurement[] {
  const groups = shares[0]!.length / ROWS;
  return Array.from({ length: groups }, (_, group) => {
    const at = (row: number) => shares.map((share) => share[row * groups + group]!);
    const moments = (means: readonly number[], deviations: readonly number[]) =>
      counts.map((count, i) => ({ count, mean: means[i]!, deviation: deviations[i]! }));
    const { variance: own } = pool(moments(at(2), at(3)));
    const { mean, variance } = pool(moments(at(0), at(1)));
    return {
      deviation: Math.sqrt(variance),
      mean,
      zero: own <= Math.max(...at(4)) ** 2 * ZERO_VARIANCE,
    };
  });
}
