/**
 * Self-attention and transformer blocks, as a user writes them with the library: it has none.
 *
 * @module
 */
import * as g from "../../mod.ts";

const { matmul, mul, reshape, softmax, transpose } = g.ops;
const layerNorm = g.nn.layerNorm();

/** A layer on rows, applied to every token of [batch, time, features]. */
export const perToken = (layer: g.Layer): g.Layer =>
  g.nn.compose("perToken", [layer] as const, (call, x) => {
    const [batch, time, features] = x.shape as [number, number, number];
    return reshape(call(0, reshape(x, [batch * time, features])), [batch, time, -1]);
  }) as g.Layer;

/** Self-attention of several heads over [batch, time, features]. */
export function attention(features: number, heads: number): g.Layer {
  const size = features / heads;
  const projections = Array.from({ length: 4 }, () => perToken(g.nn.dense(features)));
  return g.nn.compose("attention", projections, (call, x) => {
    const [batch, time] = x.shape as [number, number, number];
    const split = (y: g.Tensor) => transpose(reshape(y, [batch, time, heads, size]), [0, 2, 1, 3]);
    const [q, k, v] = [0, 1, 2].map((i) => split(call(i, x))) as [g.Tensor, g.Tensor, g.Tensor];
    const scores = mul(matmul(q, transpose(k, [0, 1, 3, 2])), 1 / Math.sqrt(size));
    const mixed = matmul(softmax(scores), v);
    return call(3, reshape(transpose(mixed, [0, 2, 1, 3]), [batch, time, features]));
  }) as g.Layer;
}

/** A block: attention and a perceptron with GELU, each after layer normalization and with a shortcut. */
export const transformerBlock = (features: number, heads: number, hidden: number): g.Layer =>
  g.sequential(
    g.nn.residual(g.sequential(layerNorm, attention(features, heads))),
    g.nn.residual(
      g.sequential(
        layerNorm,
        perToken(g.nn.dense(hidden)),
        g.nn.gelu(),
        perToken(g.nn.dense(features)),
      ),
    ),
  ) as g.Layer;
