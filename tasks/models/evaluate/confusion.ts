/**
 * Which classes a net takes for which, counted.
 *
 * @module
 */
import type { Runtime } from "../../../src/runtime/mod.ts";
import type { Params } from "../../../src/tensor.ts";
import type { Prepared } from "../../../src/data/mod.ts";
import { largestAt, predictLogits, type Predictor } from "../logits.ts";

/** How a net does on images. */
export interface Outcome {
  /** Images looked at. */
  readonly count: number;
  /** The share of them whose largest score stands at the label, from 0 to 1. */
  readonly accuracy: number;
  /** The mean loss an image. */
  readonly loss: number;
  /** `confusion[label][predicted]` images of a class were taken for a class. */
  readonly confusion: readonly (readonly number[])[];
}

/** How a net does on one class. */
export interface ClassRow {
  readonly class: string;
  /** Images of the class. */
  readonly count: number;
  /** Images taken for it. */
  readonly predicted: number;
  /** Images of the class that were taken for it. */
  readonly right: number;
  /** The share of the images taken for it that are of it; undefined if there are none. */
  readonly precision?: number | undefined;
  /** The share of its images that were taken for it; undefined if there are none. */
  readonly recall?: number | undefined;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const share = (part: number, whole: number) => whole > 0 ? part / whole : undefined;

/** Looks at all images. */
export async function evaluateNet<P extends Params>(
  run: Runtime,
  worker: Predictor<P>,
  images: Prepared,
  batch: number,
): Promise<Outcome> {
  const { classes, count } = images.dataset;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let lost = 0;
  for await (const { logits, losses, labels } of predictLogits(run, worker, images, batch)) {
    labels.forEach((label, i) => {
      confusion[label]![largestAt(logits.subarray(i * classes, (i + 1) * classes))]!++;
      lost += losses[i]!;
    });
  }
  const right = sum(confusion.map((row, label) => row[label]!));
  return { count, accuracy: right / count, loss: lost / count, confusion };
}

/** A row a class. */
export const classRows = ({ confusion }: Outcome, names: readonly string[]): ClassRow[] =>
  names.map((name, label) => {
    const count = sum(confusion[label]!), predicted = sum(confusion.map((row) => row[label]!));
    const right = confusion[label]![label]!;
    const precision = share(right, predicted)!, recall = share(right, count)!;
    return { class: name, count, predicted, right, precision, recall };
  });

/** A class, another one that it was taken for, and how often. */
export type Mistake = readonly [label: number, predicted: number, count: number];

/** What was mistaken for what, the most frequent first. */
export const mistakes = ({ confusion }: Outcome): Mistake[] =>
  confusion.flatMap((row, label) =>
    row.map((count, predicted): Mistake => [label, predicted, count])
      .filter(([label, predicted, count]) => label !== predicted && count > 0)
  ).sort(([, , a], [, , b]) => b - a);
