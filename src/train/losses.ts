/**
 * Losses an image, by name: what a step takes the mean of, and what an evaluation adds up over a whole
 * data set, where the last batch is not full.
 *
 * @module
 */
import { logSoftmax, maximum, mul, neg, oneHot, sub, sum } from "../ops/mod.ts";
import { showSpec, type Tensor } from "../tensor.ts";

/** A loss an image, f32[batch], from scores f32[batch, classes] and labels i32[batch]. */
export type Loss = (scores: Tensor, labels: Tensor) => Tensor;

/** -log softmax(scores)[label], in nats. */
const softmax: Loss = (scores, labels) =>
  neg(sum(mul(oneHot(labels, scores.shape[1]!), logSoftmax(scores)), 1));

/** Σ max(0, 1 - score) for the label and max(0, 1 + score) for the others: Caffe's L1 hinge. */
const hinge: Loss = (scores, labels) => {
  const side = sub(mul(oneHot(labels, scores.shape[1]!), 2), 1);
  return sum(maximum(0, sub(1, mul(side, scores))), 1);
};

/** The losses by name: `softmax` cross-entropy, and `hinge` for the paper's SVM head. */
export const LOSSES = { softmax, hinge } as const satisfies Record<string, Loss>;

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/** A loss at work. Throws RangeError unless scores, labels and what the loss gives have its shapes. */
export function lossOf(loss: Loss, scores: Tensor, labels: Tensor): Tensor {
  const [batch] = scores.shape;
  if (scores.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== batch) {
    throw new RangeError(
      `loss: expected scores f32[batch, classes] and labels i32[batch], found ${
        showSpec(scores)
      } and ${showSpec(labels)}`,
    );
  }
  const each = loss(scores, labels);
  if (each.dtype !== "f32" || each.rank !== 1 || each.shape[0] !== batch) {
    throw new RangeError(
      `loss: expected a loss an image, f32[${batch}], found ${showSpec(each)}; use one of LOSSES`,
    );
  }
  return each;
}
