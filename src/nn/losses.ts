/**
 * Losses of each example, on any leading axes; callers take the mean, or mask examples.
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
  mean,
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

/**
 * A loss of each example: outputs f32[..., outputs] and labels, integers[...] or f32[..., outputs], to
 * losses f32[...]. `fit` takes the mean over the examples of the means over all other axes.
 */
export type Loss = (logits: Tensor, labels: Tensor) => Tensor;

/** `hit` at the label's class and `other` elsewhere; NaN for a label that is not a class. */
function atLabel(labels: Tensor, classes: number, hit: Tensor | number, other: number): Tensor {
  const column = reshape(labels, [...labels.shape, 1]), shape = [...labels.shape, classes];
  // As u32, a negative label is also larger than all classes.
  const elsewhere = where(less(cast(column, "u32"), classes), other, NaN);
  return where(equal(broadcastTo(column, shape), iota(classes, labels.dtype)), hit, elsewhere);
}

/** Log probabilities, each times that of the target; 0 where the target is 0, even at -∞. */
function weighByTargets(targets: Tensor, logProbabilities: Tensor): Tensor {
  const finite = maximum(logProbabilities, -3e38);
  return mul(targets, where(equal(targets, 0), finite, logProbabilities));
}

/**
 * The cross-entropy of each example's softmax, in nats: [..., classes] → [...]. For integer labels [...] it
 * is -log softmax(logits)[label], and NaN for a label on the device that is not one of 0…classes-1. For f32
 * labels [..., classes], the probabilities of the classes, it is -Σ label · log softmax(logits), as
 * PyTorch's `cross_entropy`. A logit of -∞ of a class that is not the label, or of probability 0,
 * contributes nothing.
 *
 * @throws RangeError unless logits and labels have these shapes, and if integer labels in host memory are
 * not from 0 to classes - 1.
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
 *
 * const soft = nn.softmaxCrossEntropy(logits, tensor([[0.5, 0.5], [1, 0]]));
 * console.assert(Math.abs((await run.read(soft))[1]! - expected[1]!) < 1e-6);
 * ```
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("softmaxCrossEntropy", logits, labels, "soft");
  const logProbabilities = logSoftmax(logits);
  // Other classes are masked rather than multiplied by 0, since 0 · -∞ is NaN.
  const terms = labels.dtype === "f32"
    ? weighByTargets(labels, logProbabilities)
    : atLabel(labels, logits.shape.at(-1)!, logProbabilities, 0);
  return neg(sum(terms, -1));
}

/** By how much each logit falls short of the margin 1, or 0: [..., classes]. */
const shortfalls = (logits: Tensor, labels: Tensor): Tensor =>
  maximum(0, sub(1, mul(atLabel(labels, logits.shape.at(-1)!, 1, -1), logits)));

/**
 * The one-vs-all L1 hinge loss of each example: the sum over classes of max(0, 1 - logit) for the label and
 * max(0, 1 + logit) for the others: [..., classes] → [...]. The mean is Caffe's HingeLoss. It is NaN for a
 * label on the device that is not one of 0…classes-1.
 *
 * @throws RangeError unless logits are f32[..., classes] and labels i32[...], and if labels in host memory
 * are not from 0 to classes - 1.
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
  return sum(shortfalls(logits, labels), -1);
}

/**
 * The one-vs-all squared hinge loss of each example: as {@linkcode hingeLoss} with every term squared:
 * [..., classes] → [...]. The mean is Caffe's HingeLoss with `norm: L2`, the companions and output of Lee et
 * al., "Deeply-Supervised Nets" (2015), section 2.1 (s9xie/DSN). Its derivative is continuous.
 *
 * @throws RangeError as {@linkcode hingeLoss} does.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * console.assert((await run.read(nn.squaredHingeLoss(logits, labels))).join() === "0,20");
 * ```
 */
export function squaredHingeLoss(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("squaredHingeLoss", logits, labels);
  const short = shortfalls(logits, labels);
  return sum(mul(short, short), -1);
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

/**
 * Applies a loss, and takes the mean of each example's losses over all axes but the first: f32[batch].
 * Throws RangeError unless logits, labels and the result have the shapes of {@linkcode Loss}.
 */
export function perExample(loss: Loss, logits: Tensor, labels: Tensor): Tensor {
  checkLogits("loss", logits, labels, "soft");
  const each = loss(logits, labels), [batch] = logits.shape;
  if (each.dtype !== "f32" || each.rank < 1 || logits.rank < 2 || each.shape[0] !== batch) {
    throw new RangeError(
      `loss: expected a per-example loss, f32[${batch}, ...], found ${
        showSpec(each)
      }; leave the mean out`,
    );
  }
  return each.rank === 1 ? each : mean(each, each.shape.slice(1).map((_, i) => i + 1));
}
