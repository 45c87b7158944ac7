/**
 * The boundaries of pooling by random fractions along one axis: increasing sequences of integers whose steps
 * differ by one at most. Graham, "Fractional Max-Pooling" (2014), section 2.
 *
 * @module
 */
import {
  add,
  cast,
  cumSum,
  div,
  equal,
  iota,
  less,
  mul,
  pad,
  remainder,
  reshape,
  sub,
  sum,
  where,
} from "../ops/mod.ts";
import { bits, type Key } from "../random.ts";
import type { Tensor } from "../tensor.ts";

/** How steps are drawn. */
export type FractionKind = "random" | "pseudorandom";

/** All kinds. */
export const FRACTION_KINDS: readonly FractionKind[] = ["random", "pseudorandom"];

/** The number of other elements that come before each in ascending order: a random permutation of 0…n-1. */
function ranks(x: Tensor): Tensor {
  const n = x.size, at = iota(n), each = (x: Tensor) => reshape(x, [n, 1]);
  const tied = cast(less(at, each(at)), "i32"), isBefore = cast(less(x, each(x)), "i32");
  return sum(where(equal(x, each(x)), tied, isBefore), 1);
}

/** Steps of ⌊length / steps⌋ and one more, in random order. */
function randomBoundaries(key: Key, length: number, steps: number): Tensor {
  const short = Math.floor(length / steps), long = length - short * steps;
  const isLong = less(ranks(bits(key, [steps])), long);
  return pad(cumSum(add(cast(isLong, "i32"), short)), [[1, 0]]);
}

/**
 * ⌊α (i + u)⌋ - ⌊α u⌋ with α = length / steps, in integers: only ⌊u · length⌋ matters, so that no device rounds.
 *
 * @param shift ⌊u · length⌋, i32 [] from 0 to length - 1.
 */
export function pseudorandomBoundaries(shift: Tensor, length: number, steps: number): Tensor {
  const ticks = div(add(mul(iota(steps + 1), length), shift), steps);
  return sub(ticks, div(shift, steps));
}

/**
 * Boundaries from 0 to `length`, i32[steps + 1]: each step is ⌊length / steps⌋ or one more.
 *
 * @param length At least `steps`.
 */
export const drawBoundaries = (
  kind: FractionKind,
  key: Key,
  length: number,
  steps: number,
): Tensor =>
  kind === "random"
    ? randomBoundaries(key, length, steps)
    : pseudorandomBoundaries(cast(remainder(bits(key, []), length), "i32"), length, steps);
