/**
 * Scaled dot-product attention, made of products and a softmax.
 *
 * @module
 */
import { broadcastShapes, showShape } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkTensor } from "./check.ts";
import { matmul } from "./matmul.ts";
import { softmax } from "./reduce.ts";
import { cast, iota, lessEqual, mul, where } from "./scalar.ts";
import { reshape, transpose } from "./view.ts";

/** Options of {@linkcode attention}. */
export interface AttentionOptions {
  /** Whether query i sees keys 0 to i alone; false if left out. */
  readonly causal?: boolean | undefined;
  /**
   * Which keys a query sees: integers that broadcast to [..., queries, keys], not 0 where it does. A query
   * that sees none has a result of zeros.
   */
  readonly mask?: Tensor | undefined;
  /** The factor of products of queries and keys; 1 / √d if left out. */
  readonly scale?: number | undefined;
}

/** Instead of a score that is masked: its exponential is 0, and its difference from another one finite. */
const MASKED = -1e38;

/** Throws unless queries, keys and values fit together. */
function checkShapes(q: Tensor, k: Tensor, v: Tensor): void {
  for (const x of [q, k, v]) {
    checkTensor("attention", x);
    if (x.dtype !== "f32" || x.rank < 2) {
      throw new TypeError(`attention: expected f32[..., time, features], found ${showSpec(x)}`);
    }
  }
  if (q.shape.at(-1) === k.shape.at(-1) && k.shape.at(-2) === v.shape.at(-2)) return;
  throw new RangeError(
    "attention: expected queries [..., queries, d], keys [..., keys, d] and values [..., keys, e], found " +
      [q, k, v].map((x) => showShape(x.shape)).join(", "),
  );
}

/** The weights of values, [..., queries, keys]: softmax(q kᵀ · scale) over the keys that a query sees. */
export function attentionWeights(
  q: Tensor,
  k: Tensor,
  { causal = false, mask, scale = 1 / Math.sqrt(q.shape.at(-1)!) }: AttentionOptions = {},
): Tensor {
  const order = [...k.shape.keys()];
  const across = transpose(k, [...order.slice(0, -2), k.rank - 1, k.rank - 2]);
  let scores = matmul(mul(q, scale), across);
  const [queries, keys] = scores.shape.slice(-2) as [number, number];
  if (causal) {
    scores = where(lessEqual(iota(keys), reshape(iota(queries), [queries, 1])), scores, MASKED);
  }
  if (!mask) return softmax(scores);
  if (mask.dtype === "f32") {
    throw new TypeError(`attention: expected a mask of u32 or i32, found ${showSpec(mask)}`);
  }
  broadcastShapes("attention", mask.shape, scores.shape);
  const seen = cast(mask, "u32");
  // Where no key is seen, the softmax is of equal scores.
  return where(seen, softmax(where(seen, scores, MASKED)), 0);
}

/**
 * Scaled dot-product attention, f32: softmax(q kᵀ / √d) v. Vaswani et al., "Attention Is All You Need" (2017),
 * eq. 1. As PyTorch's `scaled_dot_product_attention`.
 *
 * @param q Queries, [..., queries, d].
 * @param k Keys, [..., keys, d].
 * @param v Values, [..., keys, e].
 * @returns [..., queries, e].
 * @throws RangeError if the shapes do not fit together, and TypeError unless they are f32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[9, 0], [0, 9]]), values = tensor([[1], [3]]);
 * const y = await run.read(ops.attention(x, x, values));
 * console.assert(Math.abs(y[0]! - 1) < 1e-6 && Math.abs(y[1]! - 3) < 1e-6);
 * const first = await run.read(ops.attention(ops.mul(x, 0), x, values, { causal: true }));
 * console.assert(first.join() === "1,2");
 * ```
 */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: AttentionOptions = {},
): Tensor {
  checkShapes(q, k, v);
  return matmul(attentionWeights(q, k, options), v);
}
