/**
 * The cubics of a scaled Newton–Schulz iteration: each is the best of its degree on the interval that the
 * one before has left.
 *
 * @module
 */

/** The cubic x ↦ x (first - third x²). */
export interface Cubic {
  /** The coefficient of x. */
  readonly first: number;
  /** The coefficient of -x³. */
  readonly third: number;
}

/** How close to 1 the last cubic leaves every x: f32 resolves no less. */
const TOLERANCE = 1e-7;

/** The odd cubic that is closest to 1 on [low, high] up to a factor, its maximum being 1. */
function bestCubic(low: number, high: number): Cubic {
  const square = 3 / (low * low + low * high + high * high), root = Math.sqrt(square);
  return { first: 1.5 * root, third: 0.5 * square * root };
}

const apply = ({ first, third }: Cubic, x: number): number => x * (first - third * x * x);

/** A cubic times a factor. */
const scale = ({ first, third }: Cubic, by: number): Cubic => ({
  first: first * by,
  third: third * by,
});

/**
 * Cubics whose composition takes every x in [low, 1] to within 1e-7 of 1. Each takes an interval [l, h] to
 * a narrower one around 1, by the coefficients of Chen and Chow, *A stable scaling of Newton–Schulz for
 * improving the sign function computation of a Hermitian matrix* (Argonne ANL/MCS-P5059-0114, 2014), which
 * balance its two ends; far from 1 that is three times faster than Newton–Schulz's own.
 */
export function scaledCubics(low: number): readonly Cubic[] {
  const cubics: Cubic[] = [];
  for (let from = low, to = 1; to - from > TOLERANCE;) {
    const cubic = bestCubic(from, to), least = apply(cubic, from);
    // On the interval the cubic lies between its equal ends and its maximum of 1: center that around 1.
    const centered = scale(cubic, 2 / (least + 1));
    cubics.push(centered);
    [from, to] = [2 * least / (least + 1), 2 / (least + 1)];
  }
  return cubics;
}
