/**
 * Losses and counts of right answers, from scores [batch, classes] and labels [batch].
 *
 * @module
 */
import {
  argMax,
  broadcastTo,
  cast,
  equal,
  iota,
  less,
  logSoftmax,
  maximum,
  mul,
  reshape,
  sub,
  sum,
  where,
} from "../ops/mod.ts";
import { checkLabels } from "../labels.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";

function check(name: string, scores: Tensor, labels: Tensor): void {
  const fits = scores.rank === 2 && scores.dtype === "f32" && labels.rank === 1 &&
    labels.dtype !== "f32" && labels.shape[0] === scores.shape[0];
  if (!fits) {
    throw new RangeError(
      `${name}: expected scores f32[batch, classes] and labels i32[batch], found ${
        showSpec(scores)
      } and ${showSpec(labels)}`,
    );
  }
  if (labels.data) checkLabels(name, labels.data, scores.shape[1]!);
}

/** One number at the label's class and another elsewhere; NaN for a label that is no class. */
function atLabel(labels: Tensor, classes: number, hit: Tensor | number, other: number): Tensor {
  const column = reshape(labels, [labels.size, 1]), shape = [labels.size, classes];
  // As u32, a label below zero is above all classes too.
  const rest = where(less(cast(column, "u32"), classes), other, NaN);
  return where(equal(broadcastTo(column, shape), iota(classes, labels.dtype)), hit, rest);
}

/**
 * log softmax(scores) at the label's class, elsewhere 0: [batch, classes]. What does not count is left
 * out rather than multiplied by 0, so that a score of -∞ elsewhere has no part in it.
 */
export const logLikelihoods = (scores: Tensor, labels: Tensor): Tensor =>
  atLabel(labels, scores.shape[1]!, logSoftmax(scores), 0);

/** max(0, 1 - score) at the label's class, max(0, 1 + score) elsewhere: [batch, classes]. */
export const hinges = (scores: Tensor, labels: Tensor): Tensor =>
  maximum(0, sub(1, mul(atLabel(labels, scores.shape[1]!, 1, -1), scores)));

/**
 * The mean over the batch of -log softmax(scores)[label], in nats; shape []. It is NaN where a label is
 * not one of 0…classes-1 and only the device can know.
 *
 * @throws RangeError unless scores are f32[batch, classes] and labels i32[batch], and where labels that
 * lie on the host are not from 0 to classes - 1.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.softmaxCrossEntropy(scores, labels));
 * const expected = (Math.log(1 + Math.exp(-3)) + Math.log(1 + Math.exp(4))) / 2;
 * console.assert(Math.abs(value! - expected) < 1e-6);
 * ```
 */
export function softmaxCrossEntropy(scores: Tensor, labels: Tensor): Tensor {
  check("softmaxCrossEntropy", scores, labels);
  return mul(sum(logLikelihoods(scores, labels)), -1 / scores.shape[0]!);
}

/**
 * One-vs-all L1 hinge: the sum over classes of max(0, 1 - score) for the label and max(0, 1 + score)
 * for the others, divided by the batch; shape []. Caffe's HingeLoss. It is NaN where a label is not one
 * of 0…classes-1 and only the device can know.
 *
 * @throws RangeError unless scores are f32[batch, classes] and labels i32[batch], and where labels that
 * lie on the host are not from 0 to classes - 1.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.hingeLoss(scores, labels));
 * console.assert(value === (0 + 0 + 2 + 4) / 2);
 * ```
 */
export function hingeLoss(scores: Tensor, labels: Tensor): Tensor {
  check("hingeLoss", scores, labels);
  return mul(sum(hinges(scores, labels)), 1 / scores.shape[0]!);
}

/**
 * How many of the largest scores stand at the label, f32; shape []. The first of equal ones counts.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.correct(scores, labels));
 * console.assert(value === 1);
 * ```
 */
export function correct(scores: Tensor, labels: Tensor): Tensor {
  check("correct", scores, labels);
  return sum(cast(equal(argMax(scores), cast(labels, "i32")), "f32"));
}

/**
 * The share of the batch that {@linkcode correct} counts, from 0 to 1; shape [].
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.accuracy(scores, labels));
 * console.assert(value === 0.5);
 * ```
 */
export function accuracy(scores: Tensor, labels: Tensor): Tensor {
  check("accuracy", scores, labels);
  return mul(correct(scores, labels), 1 / scores.shape[0]!);
}
