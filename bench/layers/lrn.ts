/**
 * Local response normalization across channels (Krizhevsky et al., 2012), as a user writes it with the
 * library: x / (k + α / size · Σ x²)^β over `size` adjacent channels.
 *
 * @module
 */
import * as g from "../../mod.ts";

const { abs, add, cast, div, iota, lessEqual, matmul, mul, pad, pow, reshape, slice, sub } = g.ops;

const SIZE = 5, REACH = (SIZE - 1) / 2, ALPHA = 1e-4, BETA = 0.75, K = 1;

const divided = (x: g.Tensor, sums: g.Tensor): g.Tensor =>
  div(x, pow(add(mul(sums, ALPHA / SIZE), K), BETA));

/** The sums as slices of the squares, added. */
export const lrn: g.Layer<g.nn.NoParams> = g.nn.stateless("lrn", (x) => {
  const channels = x.shape.at(-1)!, outer = x.shape.slice(0, -1);
  const squares = pad(mul(x, x), [...outer.map(() => [0, 0] as const), [REACH, REACH]]);
  const shifted = Array.from(
    { length: SIZE },
    (_, i) => slice(squares, [...outer.map(() => 0), i], [...outer, i + channels]),
  );
  return divided(x, shifted.reduce((a, b) => add(a, b)));
});

/** The sums as a product of the squares with a matrix of ones around the diagonal. */
export const lrnByBand: g.Layer<g.nn.NoParams> = g.nn.stateless("lrnByBand", (x) => {
  const channels = x.shape.at(-1)!, at = iota(channels);
  const near = lessEqual(abs(sub(reshape(at, [channels, 1]), at)), REACH);
  return divided(x, matmul(mul(x, x), cast(near, "f32")));
});
