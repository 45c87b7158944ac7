/**
 * Counts of correct predictions, from logits [..., classes] and labels [...].
 *
 * @module
 */
import { argMax, cast, equal, mul, sum } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { checkLogits } from "./check.ts";

/**
 * The number of correct predictions over all leading axes, f32 of shape []: those whose largest logit, the
 * first of equal ones, is the label's; of f32 labels [..., classes], that of the most probable class. Throws
 * RangeError unless logits are f32[..., classes] and labels integers[...] or f32[..., classes].
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.correct(logits, labels));
 * console.assert(value === 1);
 * ```
 */
export function correct(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("correct", logits, labels, "soft");
  const classes = labels.dtype === "f32" ? argMax(labels) : cast(labels, "i32");
  return sum(cast(equal(argMax(logits), classes), "f32"));
}

/**
 * The fraction of correct predictions, from 0 to 1; f32 of shape []. Throws as {@linkcode correct}.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.accuracy(logits, labels));
 * console.assert(value === 0.5);
 * ```
 */
export function accuracy(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("accuracy", logits, labels, "soft");
  return mul(correct(logits, labels), logits.shape.at(-1)! / logits.size);
}
