/**
 * The confusion matrix of a net, and what follows from it for each class.
 *
 * @module
 */
import type { Runtime } from "../../../src/runtime/mod.ts";
import type { Params } from "../../../src/tensor.ts";
import type { Prepared } from "../../../src/data/mod.ts";
import { requireFiniteOutputs } from "../finite.ts";
import { predictedClasses, predictLogits, type Predictor } from "../logits.ts";

/** The outcome of an evaluation. */
export interface Outcome {
  /** The number of images. */
  readonly count: number;
  /** The fraction of images whose largest logit is at the label, from 0 to 1. */
  readonly accuracy: number;
  /** The mean of the per-example losses. */
  readonly loss: number;
  /** The confusion matrix, of which only what occurs is stored: `confusion[label]` has images by prediction. */
  readonly confusion: readonly ReadonlyMap<number, number>[];
}

/** The outcome for one class. */
export interface ClassRow {
  readonly class: string;
  /** Images of the class. */
  readonly count: number;
  /** Images predicted as the class. */
  readonly predicted: number;
  /** Correct predictions of the class. */
  readonly right: number;
  /** Correct predictions over images predicted as the class; undefined if there are none. */
  readonly precision?: number | undefined;
  /** Correct predictions over images of the class; undefined if there are none. */
  readonly recall?: number | undefined;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

/** A part of a whole; undefined where there is none. */
export const share = (part: number, whole: number): number | undefined =>
  whole > 0 ? part / whole : undefined;

/** Evaluates a net on all images. */
export async function evaluateNet<P extends Params>(
  run: Runtime,
  predictor: Predictor<P>,
  images: Prepared,
  batch: number,
): Promise<Outcome> {
  const { classes, count } = images.dataset;
  const confusion = Array.from({ length: classes }, () => new Map<number, number>());
  let lossSum = 0, first = 0;
  for await (const found of predictLogits(run, predictor, images, batch)) {
    const { losses, labels } = found, classOf = predictedClasses(found);
    requireFiniteOutputs(losses, losses.length, first, "losses");
    first += losses.length;
    labels.forEach((label, i) => {
      const row = confusion[label]!, predicted = classOf[i]!;
      row.set(predicted, (row.get(predicted) ?? 0) + 1);
      lossSum += losses[i]!;
    });
  }
  const right = sum(confusion.map((row, label) => row.get(label) ?? 0));
  return { count, accuracy: right / count, loss: lossSum / count, confusion };
}

/** A row of the confusion matrix with its zeros. */
export const fullRow = ({ confusion }: Pick<Outcome, "confusion">, label: number): number[] =>
  Array.from(confusion, (_, predicted) => confusion[label]!.get(predicted) ?? 0);

/** One row per class. */
export function classRows({ confusion }: Outcome, names: readonly string[]): ClassRow[] {
  const predictions = new Array<number>(names.length).fill(0);
  for (const row of confusion) {
    for (const [predicted, count] of row) predictions[predicted]! += count;
  }
  return names.map((name, label) => {
    const count = sum(confusion[label]!.values()), predicted = predictions[label]!;
    const right = confusion[label]!.get(label) ?? 0;
    const precision = share(right, predicted)!, recall = share(right, count)!;
    return { class: name, count, predicted, right, precision, recall };
  });
}

/** A class, the wrong class that was predicted, and how often. */
export type Mistake = readonly [label: number, predicted: number, count: number];

/** The wrong predictions, the most frequent first. */
export const mistakes = ({ confusion }: Outcome): Mistake[] =>
  confusion.flatMap((row, label) =>
    [...row].filter(([predicted]) => predicted !== label)
      .sort(([a], [b]) => a - b)
      .map(([predicted, count]): Mistake => [label, predicted, count])
  ).sort(([, , a], [, , b]) => b - a);
