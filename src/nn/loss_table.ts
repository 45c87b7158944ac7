/**
 * The losses by name, and what each of them teaches.
 *
 * @module
 */
import {
  hingeLoss,
  type Loss,
  softmaxCrossEntropy,
  squaredError,
  squaredHingeLoss,
} from "./losses.ts";
import { argMax, cast, equal } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { allCorrect, type Metric, METRICS } from "./metrics.ts";
import { binaryCrossEntropy, meanAbsoluteError, meanSquaredError } from "./targets.ts";

/**
 * The losses by name. Of classes: `softmax` cross-entropy, `hinge` for the paper's SVM classifier, and
 * `squaredHinge` for that of deeply supervised nets. Of several labels at once: `bce`, binary cross-entropy.
 * Of numbers: `mse`, the mean squared error, and `l1`, the mean absolute error.
 */
export const LOSSES = {
  softmax: softmaxCrossEntropy,
  hinge: hingeLoss,
  squaredHinge: squaredHingeLoss,
  bce: binaryCrossEntropy,
  mse: meanSquaredError,
  l1: meanAbsoluteError,
} as const satisfies Record<string, Loss>;

/** The name of a loss. */
export type LossName = keyof typeof LOSSES;

/**
 * What a net predicts: one of several `classes`, any of several `labels` at once, or `numbers`.
 */
export type TargetKind = "classes" | "labels" | "numbers";

const KINDS: ReadonlyMap<Loss, TargetKind> = new Map<Loss, TargetKind>([
  [binaryCrossEntropy, "labels"],
  [meanSquaredError, "numbers"],
  [meanAbsoluteError, "numbers"],
  [squaredError, "numbers"],
]);

/**
 * What a net that is trained for a loss predicts; `classes` for a loss that is not the library's.
 *
 * @example
 * ```ts
 * import { nn } from "@goodinit/goodinit";
 *
 * console.assert(nn.targetKind(nn.LOSSES.bce) === "labels");
 * console.assert(nn.targetKind(nn.LOSSES.l1) === "numbers");
 * ```
 */
export const targetKind = (loss: Loss): TargetKind => KINDS.get(loss) ?? "classes";

/** The metrics that are measured for a kind of target unless others are asked for, beside the accuracy. */
export const USUAL_METRICS: Readonly<Record<TargetKind, Readonly<Record<string, Metric>>>> = {
  classes: {},
  labels: { labelAccuracy: METRICS.labelAccuracy, f1: METRICS.f1 },
  numbers: { meanAbsoluteError: METRICS.meanAbsoluteError, rSquared: METRICS.rSquared },
};

/** The correct predictions of a batch, for each example, u32[batch, ...]; undefined for numbers. */
export function correctPredictions(
  kind: TargetKind,
  outputs: Tensor,
  labels: Tensor,
): Tensor | undefined {
  if (kind === "numbers") return undefined;
  if (kind === "labels") return allCorrect(outputs, labels);
  return equal(argMax(outputs), labels.dtype === "f32" ? argMax(labels) : cast(labels, "i32"));
}
