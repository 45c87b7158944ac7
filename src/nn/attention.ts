/**
 * Multi-head attention.
 *
 * @module
 */
import { cast, equal, matmul, mul, reshape, sub, transpose } from "../ops/mod.ts";
import { attentionWeights } from "../ops/attention.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkInput, checkLeast, checkRate } from "./check.ts";
import { compose } from "./compose.ts";
import { withOptions } from "./define_layer.ts";
import { dense } from "./dense.ts";
import type { Initializer } from "./initializers/initializer.ts";
import type { Layer, NoParams } from "./layer.ts";
import { dropout } from "./pooling.ts";
import type { Weights } from "./weights.ts";

/** Options of {@linkcode attention}. */
export interface AttentionLayerOptions {
  /** Whether a step sees itself and those before it alone; false if left out. */
  readonly causal?: boolean | undefined;
  /** Which steps are there: integers [batch, time] of the keys, 0 where a sequence is only filled up. */
  readonly padding?: Tensor | undefined;
  /** Which keys a query sees: integers that broadcast to [batch, heads, queries, keys], not 0 where it does. */
  readonly mask?: Tensor | undefined;
  /** What keys and values are made of, [batch, keys, features], as in a decoder; x itself if left out. */
  readonly memory?: Tensor | undefined;
  /** The rate at which attention weights are dropped in training; 0 if left out. */
  readonly dropout?: number | undefined;
  /** The initializer of the four weights; orthonormal if left out. */
  readonly init?: Initializer | undefined;
}

/** The parameters of {@linkcode attention}: queries, keys, values, output; none of dropout. */
export type AttentionParams = readonly [Weights, Weights, Weights, Weights, NoParams];

const SEQUENCES = "f32 sequences [batch, time, features]";

/** [batch, time, features] to [batch, heads, time, features / heads]. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, time, features] = x.shape as [number, number, number];
  return transpose(reshape(x, [batch, time, heads, features / heads]), [0, 2, 1, 3]);
}

/** [batch, heads, time, size] to [batch, time, heads · size]. */
function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, time, size] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, time, heads * size]);
}

/** 1 where an integer is not 0. */
const isSet = (x: Tensor): Tensor => sub(1, equal(cast(x, "u32"), 0));

/** The keys that are there and that the mask lets a query see; undefined for all. */
function combineMasks(padding: Tensor | undefined, mask: Tensor | undefined): Tensor | undefined {
  for (const each of [padding, mask]) {
    if (each?.dtype === "f32") {
      throw new TypeError(`attention: expected masks of u32 or i32, found ${showSpec(each)}`);
    }
  }
  if (!padding) return mask && isSet(mask);
  if (padding.rank !== 2) {
    throw new RangeError(`attention: expected padding [batch, keys], found ${showSpec(padding)}`);
  }
  const present = isSet(reshape(padding, [padding.shape[0]!, 1, 1, padding.shape[1]!]));
  return mask ? mul(present, isSet(mask)) : present;
}

/**
 * Multi-head attention of a sequence to itself, or to `memory`: [batch, time, in] → [batch, time, features].
 * Vaswani et al., "Attention Is All You Need" (2017), section 3.2.2. As PyTorch's `MultiheadAttention`, with
 * its weights as four dense layers: queries, keys, values and output. LSUV brings each of the four to unit
 * variance.
 *
 * Masks and memory are options of a call, not parameters: a layer costs nothing to make, so that one with this
 * batch's masks is made where it is called, with the same parameters.
 *
 * @param features The features of queries, keys and values, all heads together, and of the result.
 * @param heads The number of heads, which divides the features.
 * @throws RangeError on an input that is not f32 [batch, time, features], or masks that do not fit.
 *
 * @example
 * ```ts
 * import { key, nn, normal, ops, tensor } from "@goodinit/goodinit";
 *
 * const layer = nn.attention(32, 4, { causal: true }), x = normal(key(1), [2, 3, 32]);
 * const params = layer.init(key(0), x);
 * console.assert(layer(params, x).shape.join() === "2,3,32");
 *
 * // The second sequence has one step alone.
 * const padding = tensor([[1, 1, 1], [1, 0, 0]], [2, 3], "u32");
 * console.assert(nn.attention(32, 4, { padding })(params, x).shape.join() === "2,3,32");
 * ```
 */
export function attention(
  features: number,
  heads: number,
  options: AttentionLayerOptions = {},
): Layer<AttentionParams> & { readonly layers: readonly Layer[] } {
  checkLeast("attention", "features", features);
  checkLeast("attention", "heads", heads);
  if (features % heads !== 0) {
    throw new RangeError(
      `attention: expected features that ${heads} heads divide, found ${features}`,
    );
  }
  const { causal = false, padding, mask, memory, dropout: rate = 0, init } = options;
  checkRate("attention", rate);
  const projections = Array.from({ length: 4 }, () => dense(features, { init }));
  const seen = combineMasks(padding, mask);
  const made = compose("attention", [...projections, dropout(rate)], (call, x) => {
    const source = memory ?? x;
    for (const each of [x, source]) checkInput("attention", each, 3, SEQUENCES);
    const q = splitHeads(call(0, x), heads), k = splitHeads(call(1, source), heads);
    const v = splitHeads(call(2, source), heads);
    const weights = attentionWeights(q, k, { causal, mask: seen });
    return call(3, mergeHeads(matmul(rate > 0 ? call(4, weights) : weights, v)));
  });
  return withOptions(made as unknown as Layer, { heads, causal }) as unknown as
    & Layer<AttentionParams>
    & { readonly layers: readonly Layer[] };
}
