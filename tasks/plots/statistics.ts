/**
 * Means and spreads over seeds.
 *
 * @module
 */
import { fixed } from "../cli/format.ts";

/** The mean and deviation of some numbers. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** The sample standard deviation (n − 1); absent for a single number. */
  readonly deviation?: number;
}

const arithmeticMean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Summarizes numbers; undefined if there are none. */
export function summarize(values: readonly number[]): Summary | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = arithmeticMean(values);
  if (count === 1) return { count, mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, deviation: Math.sqrt(squares / (count - 1)) };
}

/** `74.61`, or `93.94 ± 0.12` where there is a spread. */
export const spreadText = ({ mean, deviation }: Summary, digits = 2): string =>
  fixed(mean, digits) + (deviation === undefined ? "" : ` ± ${fixed(deviation, digits)}`);

/** The geometric mean of the positive finite numbers; undefined if there are none. */
export function geometricMean(values: readonly number[]): number | undefined {
  const positive = values.filter((value) => value > 0 && value < Infinity);
  return positive.length > 0 ? Math.exp(arithmeticMean(positive.map(Math.log))) : undefined;
}
