/**
 * Losses an image, by name: what a step takes the mean of, and what an evaluation adds up over a whole
 * data set, where the last batch is not full.
 *
 * @module
 */
import { hinges, logLikelihoods } from "../nn/losses.ts";
import { neg, sum } from "../ops/mod.ts";
import { checkLabels } from "../labels.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";

/** A loss an image, f32[batch], from scores f32[batch, classes] and labels i32[batch]. */
export type Loss = (scores: Tensor, labels: Tensor) => Tensor;

/** -log softmax(scores)[label], in nats. */
const softmax: Loss = (scores, labels) => neg(sum(logLikelihoods(scores, labels), 1));

/** Σ max(0, 1 - score) for the label and max(0, 1 + score) for the others: Caffe's L1 hinge. */
const hinge: Loss = (scores, labels) => sum(hinges(scores, labels), 1);

/**
 * The losses by name, NaN for a label that is none of 0…classes-1: `softmax` cross-entropy, and `hinge` for the
 * paper's SVM head.
 */
export const LOSSES = { softmax, hinge } as const satisfies Record<string, Loss>;

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/** A loss at work. Throws RangeError unless scores, labels and what the loss gives have its shapes. */
export function lossOf(loss: Loss, scores: Tensor, labels: Tensor): Tensor {
  const [batch] = scores.shape;
  const fits = scores.rank === 2 && labels.rank === 1 && labels.shape[0] === batch;
  if (!fits || labels.dtype === "f32") {
    throw new RangeError(
      `loss: expected scores f32[batch, classes] and labels i32[batch], found ${
        showSpec(scores)
      } and ${showSpec(labels)}`,
    );
  }
  if (labels.data) checkLabels("loss", labels.data, scores.shape[1]!);
  const each = loss(scores, labels);
  if (each.dtype !== "f32" || each.rank !== 1 || each.shape[0] !== batch) {
    throw new RangeError(
      `loss: expected a loss an image, f32[${batch}], found ${showSpec(each)}; use one of LOSSES`,
    );
  }
  return each;
}
