/**
 * Per-example losses; callers take the mean, or mask examples.
 *
 * @module
 */
import {
  broadcastTo,
  cast,
  equal,
  iota,
  less,
  logSoftmax,
  maximum,
  mul,
  neg,
  reshape,
  sub,
  sum,
  where,
} from "../ops/mod.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkLogits } from "./check.ts";

/** A per-example loss, f32[batch], from logits f32[batch, classes] and labels i32[batch]. */
export type Loss = (logits: Tensor, labels: Tensor) => Tensor;

/** `hit` at the label's class and `other` elsewhere; NaN for a label that is not a class. */
function atLabel(labels: Tensor, classes: number, hit: Tensor | number, other: number): Tensor {
  const column = reshape(labels, [labels.size, 1]), shape = [labels.size, classes];
  // As u32, a negative label is also larger than all classes.
  const elsewhere = where(less(cast(column, "u32"), classes), other, NaN);
  return where(equal(broadcastTo(column, shape), iota(classes, labels.dtype)), hit, elsewhere);
}

/**
 * -log softmax(logits)[label] of each example, in nats: [batch, classes] → [batch]. It is NaN for a label
 * on the device that is not one of 0…classes-1. A logit of -∞ of another class contributes nothing.
 *
 * @throws RangeError unless logits are f32[batch, classes] and labels i32[batch], and if labels in host
 * memory are not from 0 to classes - 1.
 *
 * @example
 * ```ts
 * import { nn, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const losses = nn.softmaxCrossEntropy(logits, labels);
 * const [each, [mean]] = await run.read([losses, ops.mean(losses)]);
 * const expected = [Math.log(1 + Math.exp(-3)), Math.log(1 + Math.exp(4))];
 * console.assert(expected.every((x, i) => Math.abs(each[i]! - x) < 1e-6));
 * console.assert(Math.abs(mean! - (expected[0]! + expected[1]!) / 2) < 1e-6);
 * ```
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("softmaxCrossEntropy", logits, labels);
  // Other classes are masked rather than multiplied by 0, since 0 · -∞ is NaN.
  return neg(sum(atLabel(labels, logits.shape[1]!, logSoftmax(logits), 0), 1));
}

/**
 * The one-vs-all L1 hinge loss of each example: the sum over classes of max(0, 1 - logit) for the label and
 * max(0, 1 + logit) for the others: [batch, classes] → [batch]. The mean is Caffe's HingeLoss. It is NaN
 * for a label on the device that is not one of 0…classes-1.
 *
 * @throws RangeError unless logits are f32[batch, classes] and labels i32[batch], and if labels in host
 * memory are not from 0 to classes - 1.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * console.assert((await run.read(nn.hingeLoss(logits, labels))).join() === "0,6");
 * ```
 */
export function hingeLoss(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("hingeLoss", logits, labels);
  return sum(maximum(0, sub(1, mul(atLabel(labels, logits.shape[1]!, 1, -1), logits))), 1);
}

/**
 * The sum of (prediction - target)² over the outputs of each example: [batch, ...] → [batch].
 *
 * @throws RangeError unless predictions and targets are f32[batch, ...] of one shape.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const predictions = tensor([[1, 2], [3, 4]]), targets = tensor([[1, 0], [2, 2]]);
 * console.assert((await run.read(nn.squaredError(predictions, targets))).join() === "4,5");
 * ```
 */
export function squaredError(predictions: Tensor, targets: Tensor): Tensor {
  const fits = [predictions, targets].every(({ dtype, rank }) => dtype === "f32" && rank >= 1) &&
    predictions.shape.join() === targets.shape.join();
  if (!fits) {
    throw new RangeError(
      `squaredError: expected predictions and targets f32[batch, ...] of one shape, found ${
        showSpec(predictions)
      } and ${showSpec(targets)}`,
    );
  }
  const difference = sub(predictions, targets), [batch] = predictions.shape;
  return sum(reshape(mul(difference, difference), [batch!, -1]), 1);
}

/** The classification losses by name: `softmax` cross-entropy, and `hinge` for the paper's SVM classifier. */
export const LOSSES = {
  softmax: softmaxCrossEntropy,
  hinge: hingeLoss,
} as const satisfies Record<string, Loss>;

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/**
 * Applies a loss. Throws RangeError unless logits, labels and the result have the shapes of
 * {@linkcode Loss}.
 */
export function perExample(loss: Loss, logits: Tensor, labels: Tensor): Tensor {
  checkLogits("loss", logits, labels);
  const each = loss(logits, labels), [batch] = logits.shape;
  if (each.dtype !== "f32" || each.rank !== 1 || each.shape[0] !== batch) {
    throw new RangeError(
      `loss: expected a per-example loss, f32[${batch}], found ${
        showSpec(each)
      }; leave the mean out`,
    );
  }
  return each;
}
