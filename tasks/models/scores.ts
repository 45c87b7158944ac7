/**
 * The scores and losses that a net gives images.
 *
 * @module
 */
import { type Prepared, testBatches } from "../../src/data/mod.ts";
import type { Layer } from "../../src/nn/layer.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { LOSSES, type LossName } from "../../src/nn/mod.ts";
import { imagesOf } from "./model.ts";

/** What a net gives the images of a batch. */
export interface Scored {
  /** [count, classes]. */
  readonly scores: Float32Array;
  /** The loss of each, [count]. */
  readonly losses: Float32Array;
  /** The class of each, [count]. */
  readonly labels: Int32Array;
}

/** A net at work: its layers, its parameters, its loss. */
export interface Worker<P extends Params> {
  readonly net: Layer<P>;
  readonly params: P;
  readonly loss: LossName;
}

/** Sends prepared images through a net, without dropout, batch by batch and in order. */
export async function* scoresOf<P extends Params>(
  run: Runtime,
  { net, params, loss }: Worker<P>,
  images: Prepared,
  batch: number,
): AsyncGenerator<Scored, void, void> {
  const look = run.jit(function score(params: P, x: Tensor, labels: Tensor) {
    const scores = net(params, x);
    return { scores, losses: LOSSES[loss](scores, labels) };
  });
  for (const { images: pixels, labels, count } of testBatches(images, { batch })) {
    const { shape } = imagesOf(images.dataset, batch);
    const { scores, losses } = await run.read(look(params, tensor(pixels, shape), tensor(labels)));
    yield {
      scores: scores.subarray(0, count * scores.length / batch) as Float32Array,
      losses: losses.subarray(0, count) as Float32Array,
      labels: labels.subarray(0, count),
    };
  }
}

/** The index of the largest of some numbers, the first if several; the first NaN, if there is one. */
export const largestAt = (numbers: ArrayLike<number>): number => {
  let at = 0;
  for (let i = 1; i < numbers.length; i++) {
    if (!(numbers[i]! <= numbers[at]!) && !Number.isNaN(numbers[at])) at = i;
  }
  return at;
};

/** Scores as shares of 1: their softmax. */
export function probabilities(scores: ArrayLike<number>): number[] {
  const top = scores[largestAt(scores)]!;
  const powers = Array.from(scores, (score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
