/**
 * The transforms of Winograd's algorithms that are Vandermonde matrices: a polynomial's values at the
 * points of interpolation, and the transpose of that map. Opposite points share their even and odd parts.
 *
 * @module
 */
import type { Arithmetic, Transform, Value } from "./arithmetic.ts";
import type { Points } from "./input_transforms.ts";

/** 1 / M′(p), with M(t) the product of t - q over 0, the points q and their negatives. */
function scaleAt(points: Points, p: number): number {
  const finite = [0, ...points.flatMap((q) => [q, -q])];
  return 1 / finite.reduce((product, q) => q === p ? product : product * (p - q), 1);
}

/** The sum of the values with the given step between them, each by its power of `by`. */
const polynomial = (on: Arithmetic, x: readonly Value[], by: number): Value =>
  x.slice(1).reduce((sum, value, k) => on.sum(sum, value, by ** (k + 1)), x[0]!);

/**
 * The values of a polynomial with `terms` coefficients at 0, each point, its negative, and infinity, where
 * they are the last coefficient. If scaled, those at finite points p are divided by M′(p).
 */
export function evaluation(points: Points, terms: number, isScaled = false): Transform {
  const scale = (p: number) => isScaled ? scaleAt(points, p) : 1;
  return {
    from: terms,
    to: 2 * points.length + 2,
    apply: (on, x) => [
      on.scaled(x[0]!, scale(0)),
      ...points.flatMap((p) => {
        const part = (first: number) => x.filter((_, k) => k % 2 === first);
        const even = on.scaled(polynomial(on, part(0), p * p), scale(p));
        const odd = polynomial(on, part(1), p * p), by = p * scale(p);
        return [on.sum(even, odd, by), on.sum(even, odd, -by)];
      }),
      x[terms - 1]!,
    ],
  };
}

/** The transpose of {@linkcode evaluation}. */
export function interpolation(points: Points, terms: number, isScaled = false): Transform {
  const scale = (p: number) => isScaled ? scaleAt(points, p) : 1;
  return {
    from: 2 * points.length + 2,
    to: terms,
    apply(on, x) {
      const pairs = points.map((p, i) => {
        const plus = x[1 + 2 * i]!, minus = x[2 + 2 * i]!;
        return { p, parts: [on.sum(plus, minus), on.sum(plus, minus, -1)] };
      });
      return Array.from({ length: terms }, (_, k) => {
        const [first, ...others] = pairs.map(({ p, parts }) => ({
          part: parts[k % 2]!,
          by: scale(p) * p ** k,
        }));
        let sum = on.scaled(first!.part, first!.by);
        if (k === 0) sum = on.sum(sum, x[0]!, scale(0));
        if (k === terms - 1) sum = on.sum(sum, x.at(-1)!);
        for (const { part, by } of others) sum = on.sum(sum, part, by);
        return sum;
      });
    },
  };
}
