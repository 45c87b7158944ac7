/**
 * The transforms Bᵀ of blocks of inputs, which depend only on the points of interpolation: with M(t) the
 * product of t - p over the finite points, the row of a point has the coefficients of M(t) / (t - p), and
 * that of infinity those of M(t).
 *
 * They are written by hand so that differences are taken first: equal inputs cancel exactly.
 *
 * @module
 */
import type { Tuple } from "../../../../../tuple.ts";
import type { Transform, Value } from "./arithmetic.ts";

/** The points of interpolation: 0, each number and its negative, and infinity. */
export type Points = readonly number[];

/** The input transform for blocks of so many inputs, and its points. */
export interface InputTransform {
  readonly points: Points;
  readonly input: Transform;
}

const INPUT_TRANSFORMS: Readonly<Record<number, InputTransform>> = {
  4: {
    points: [1],
    input: {
      from: 4,
      to: 4,
      apply: (
        on,
        [a, b, c, d]: Tuple<Value, 4>,
      ) => [on.sum(c, a, -1), on.sum(b, c), on.sum(c, b, -1), on.sum(d, b, -1)],
    },
  },
  6: {
    points: [1, 2],
    input: {
      from: 6,
      to: 6,
      apply(on, [a, b, c, d, e, f]: Tuple<Value, 6>) {
        const even = on.sum(e, c, -4), odd = on.sum(d, b, -4);
        const even2 = on.sum(e, c, -1), odd2 = on.sum(d, b, -1);
        return [
          on.sum(even2, on.sum(a, c, -1), 4),
          on.sum(even, odd),
          on.sum(even, odd, -1),
          on.sum(even2, odd2, 2),
          on.sum(even2, odd2, -2),
          on.sum(on.sum(f, d, -1), odd2, -4),
        ];
      },
    },
  },
};

/** The transform for blocks of `size` inputs. */
export function inputTransform(size: number): InputTransform {
  const found = INPUT_TRANSFORMS[size];
  if (found) return found;
  const sizes = Object.keys(INPUT_TRANSFORMS).join(" or ");
  throw new RangeError(`Winograd: expected blocks of ${sizes} inputs, found ${size}`);
}
