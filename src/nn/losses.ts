/**
 * Losses and counts of right answers, from scores [batch, classes] and labels [batch].
 *
 * @module
 */
import { argMax, cast, equal, logSoftmax, maximum, mul, oneHot, sub, sum } from "../ops/mod.ts";
import { showSpec, type Tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";

function check(name: string, scores: Tensor, labels: Tensor): void {
  const fits = scores.rank === 2 && scores.dtype === "f32" && labels.rank === 1 &&
    labels.dtype !== "f32" && labels.shape[0] === scores.shape[0];
  if (fits) return;
  throw new RangeError(
    `${name}: expected scores f32[batch, classes] and labels i32[batch], found ${
      showSpec(scores)
    } and ${showSpec(labels)}`,
  );
}

/**
 * The mean over the batch of -log softmax(scores)[label], in nats; shape [].
 *
 * @throws RangeError unless scores are f32[batch, classes] and labels i32[batch].
 *
 * @example
 * ```ts
 * import { open, softmaxCrossEntropy, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(softmaxCrossEntropy(scores, labels));
 * const expected = (Math.log(1 + Math.exp(-3)) + Math.log(1 + Math.exp(4))) / 2;
 * console.assert(Math.abs(value! - expected) < 1e-6);
 * ```
 */
export function softmaxCrossEntropy(scores: Tensor, labels: Tensor): Tensor {
  check("softmaxCrossEntropy", scores, labels);
  const [batch, classes] = scores.shape as Tuple<number, 2>;
  const hit = mul(oneHot(labels, classes), logSoftmax(scores));
  return mul(sum(hit), -1 / batch);
}

/**
 * One-vs-all L1 hinge: the sum over classes of max(0, 1 - score) for the label and max(0, 1 + score)
 * for the others, divided by the batch; shape []. Caffe's HingeLoss.
 *
 * @throws RangeError unless scores are f32[batch, classes] and labels i32[batch].
 *
 * @example
 * ```ts
 * import { hingeLoss, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(hingeLoss(scores, labels));
 * console.assert(value === (0 + 0 + 2 + 4) / 2);
 * ```
 */
export function hingeLoss(scores: Tensor, labels: Tensor): Tensor {
  check("hingeLoss", scores, labels);
  const [batch, classes] = scores.shape as Tuple<number, 2>;
  const side = sub(mul(oneHot(labels, classes), 2), 1);
  return mul(sum(maximum(0, sub(1, mul(side, scores)))), 1 / batch);
}

/**
 * How many of the largest scores stand at the label, f32; shape []. The first of equal ones counts.
 *
 * @example
 * ```ts
 * import { correct, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(correct(scores, labels));
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
 * import { accuracy, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const scores = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(accuracy(scores, labels));
 * console.assert(value === 0.5);
 * ```
 */
export function accuracy(scores: Tensor, labels: Tensor): Tensor {
  check("accuracy", scores, labels);
  return mul(correct(scores, labels), 1 / scores.shape[0]!);
}
