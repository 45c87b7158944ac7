/**
 * Embeddings: a learned vector for each token.
 *
 * @module
 */
import { gather } from "../ops/mod.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkLeast } from "./check.ts";
import { gaussian, type Initializer } from "./initializers/initializer.ts";
import type { Layer, Unit } from "./layer.ts";
import { weightLayer, type WeightsAlone } from "./weights.ts";

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions {
  /** The initializer of the vectors; `gaussian(1)` if left out, as in PyTorch. */
  readonly init?: Initializer | undefined;
}

/** Throws unless x are tokens; those in host memory are from 0 to count - 1. */
function checkTokens(x: Spec & Partial<Pick<Tensor, "data">>, count: number): void {
  if (x.dtype === "f32") {
    throw new TypeError(`embedding: expected i32 or u32 tokens, found ${showSpec(x)}`);
  }
  const at = x.data?.findIndex((token) => token < 0 || token >= count) ?? -1;
  if (at >= 0) {
    throw new RangeError(
      `embedding: expected tokens from 0 to ${count - 1}, found ${x.data![at]} at ${at}`,
    );
  }
}

/**
 * A learned vector for each token: integers [...] → [..., size]. Weights are [count, size], as PyTorch's
 * `Embedding`. It is a dense layer without biases on one-hot rows, and a layer with weights: LSUV scales the
 * table so that the vectors of its batch have unit variance. A token outside 0…count-1 gives NaN, and an error
 * where it is in host memory.
 *
 * @param count The number of different tokens.
 * @param size The features of a vector.
 * @throws TypeError on tokens that are not integers, and RangeError on one in host memory that is out of range.
 *
 * @example
 * ```ts
 * import { key, nn, tensor } from "@goodinit/goodinit";
 *
 * const layer = nn.embedding(1000, 16), tokens = tensor([[5, 999, 0]], [1, 3], "i32");
 * const params = layer.init(key(0), tokens);
 * console.assert(params.w.shape.join() === "1000,16");
 * console.assert(layer(params, tokens).shape.join() === "1,3,16");
 * ```
 */
export function embedding(
  count: number,
  size: number,
  { init = gaussian(1) }: EmbeddingOptions = {},
): Layer<WeightsAlone> & { readonly unit: Unit<WeightsAlone> } {
  checkLeast("embedding", "count", count);
  checkLeast("embedding", "size", size);
  return weightLayer("embedding", { init, bias: false }, (x) => {
    checkTokens(x, count);
    return { shape: [count, size], fanIn: 1, fanOut: size };
  }, (x, w) => {
    checkTokens(x, w.shape[0]!);
    return gather(w, x);
  });
}
