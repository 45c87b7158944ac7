/**
 * The logits of a net for images, and its per-example losses.
 *
 * @module
 */
import { inputSize, type Prepared, testBatches } from "../../src/data/mod.ts";
import type { Layer } from "../../src/nn/layer.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { exampleTensors } from "../../src/train/input/batch_tensors.ts";
import { LOSSES, type LossName } from "../../src/nn/mod.ts";
import { requireFiniteOutputs } from "./finite.ts";

/** The outputs of a net for a batch. */
export interface Predictions {
  /** [count, classes]. */
  readonly logits: Float32Array;
  /** The loss of each image, [count]. */
  readonly losses: Float32Array;
  /** The class of each image, [count], or its numbers, [count, outputs]. */
  readonly labels: Int32Array | Float32Array;
}

/** A net with its parameters and its loss. */
export interface Predictor<P extends Params> {
  readonly net: Layer<P>;
  readonly params: P;
  readonly loss: LossName;
}

/**
 * Computes the logits of prepared images, without dropout, batch by batch and in order. Rejects with a
 * TaskError on logits that are not finite.
 */
export async function* predictLogits<P extends Params>(
  run: Runtime,
  { net, params, loss }: Predictor<P>,
  images: Prepared,
  batch: number,
): AsyncGenerator<Predictions, void, void> {
  const predict = run.jit(function predict(params: P, x: Tensor, labels: Tensor) {
    const logits = net(params, x);
    return { logits, losses: LOSSES[loss](logits, labels) };
  });
  let first = 0;
  for (const each of testBatches(images, { batch })) {
    const { count, labels } = each, given = exampleTensors(each, inputSize(images));
    const { logits, losses } = await run.read(predict(params, given.images, given.labels));
    const predictions = {
      logits: logits.subarray(0, count * logits.length / batch) as Float32Array,
      losses: losses.subarray(0, count) as Float32Array,
      labels: labels.subarray(0, count * labels.length / batch),
    };
    requireFiniteOutputs(predictions.logits, count, first, "outputs");
    yield predictions;
    first += count;
  }
}

/** The index of the largest number, the first if several; of the first NaN, if there is one. */
export const largestAt = (numbers: ArrayLike<number>): number => {
  let at = 0;
  for (let i = 1; i < numbers.length; i++) {
    if (!(numbers[i]! <= numbers[at]!) && !Number.isNaN(numbers[at])) at = i;
  }
  return at;
};

/** The class that a net predicts for each image of a batch. */
export function predictedClasses(
  { logits, labels }: Pick<Predictions, "logits" | "labels">,
): number[] {
  const classes = logits.length / labels.length;
  return Array.from(labels, (_, i) => largestAt(logits.subarray(i * classes, (i + 1) * classes)));
}

/** Probabilities of the classes: the softmax of their logits. */
export function probabilities(logits: ArrayLike<number>): number[] {
  const top = logits[largestAt(logits)]!;
  const powers = Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
