/**
 * Counts of correct predictions, and metrics of whole data sets.
 *
 * @module
 */
import {
  abs,
  any,
  argMax,
  cast,
  concat,
  equal,
  greater,
  isNaN,
  less,
  logicalOr,
  mean,
  mul,
  oneHot,
  reshape,
  sub,
  sum,
  where,
} from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { checkLogits } from "./check.ts";
import { checkTargets } from "./targets.ts";

/**
 * The number of correct predictions over all leading axes, f32 of shape []: those whose largest logit, the
 * first of equal ones, is the label's; of f32 labels [..., classes], that of the most probable class. NaN if any
 * logit or label is NaN, since of those nothing is predicted. Throws RangeError unless logits are f32[..., classes] and labels integers[...] or f32[..., classes].
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.correct(logits, labels));
 * console.assert(value === 1);
 * ```
 */
export function correct(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("correct", logits, labels, "soft");
  const classes = labels.dtype === "f32" ? argMax(labels) : cast(labels, "i32");
  const count = sum(cast(equal(argMax(logits), classes), "f32")), none = any(isNaN(logits));
  const unknown = labels.dtype === "f32" ? logicalOr(none, any(isNaN(labels))) : none;
  return where(unknown, NaN, count);
}

/**
 * The fraction of correct predictions, from 0 to 1, or NaN; f32 of shape []. As {@linkcode correct}.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[2, -1], [-1, 3]]), labels = tensor([0, 0], [2], "i32");
 * const [value] = await run.read(nn.accuracy(logits, labels));
 * console.assert(value === 0.5);
 * ```
 */
export function accuracy(logits: Tensor, labels: Tensor): Tensor {
  checkLogits("accuracy", logits, labels, "soft");
  return mul(correct(logits, labels), logits.shape.at(-1)! / logits.size);
}

/** A metric of a whole data set: numbers of each example are summed, and the metric follows from the sums. */
export interface Metric {
  /** The numbers of each example, f32[batch, count], from outputs f32[batch, ...] and labels. */
  readonly parts: (outputs: Tensor, labels: Tensor) => Tensor;
  /** The metric, from their sums over all examples and the number of examples. */
  readonly value: (sums: readonly number[], examples: number) => number;
}

/** The name of one of {@linkcode METRICS}. */
export type MetricName =
  | "accuracy"
  | "top5"
  | "labelAccuracy"
  | "f1"
  | "meanAbsoluteError"
  | "rSquared";

/**
 * 1 for each example with a NaN in its outputs, or in its labels, of which nothing is predicted; else 0:
 * u32[batch]. Otherwise its first output that is NaN would count as the largest.
 */
export function hasNoPrediction(outputs: Tensor, labels: Tensor): Tensor {
  const own = (x: Tensor) => any(isNaN(reshape(x, [x.shape[0]!, -1])), 1);
  return labels.dtype === "f32" ? logicalOr(own(outputs), own(labels)) : own(outputs);
}

/** Numbers of each example f32[batch, count], NaN where nothing is predicted. */
function ofPredictions(outputs: Tensor, labels: Tensor, parts: Tensor): Tensor {
  const none = reshape(hasNoPrediction(outputs, labels), [parts.shape[0]!, 1]);
  return where(none, NaN, parts);
}

/** One number of each example, the mean of numbers f32[batch, ...]. */
const meanOfExample = (each: Tensor): Tensor =>
  mean(reshape(each, [each.shape[0]!, -1]), 1, { keep: true });

const average = ([sum]: readonly number[], examples: number): number => sum! / examples;

/** 1 where a logit and its label are on the same side of one half as probabilities, else 0; u32. */
const sameSide = (logits: Tensor, labels: Tensor): Tensor =>
  equal(greater(logits, 0), greater(labels, 0.5));

/** 1 for each example f32[batch, labels] all of whose labels are predicted correctly, else 0: u32[batch]. */
export function allCorrect(logits: Tensor, labels: Tensor): Tensor {
  checkTargets("allCorrect", logits, labels);
  const wrong = sub(1, cast(sameSide(logits, labels), "f32"));
  return less(sum(reshape(wrong, [wrong.shape[0]!, -1]), 1), 0.5);
}

/** For each example, its true positives, and its false positives and false negatives together. */
function hitsAndErrors(logits: Tensor, labels: Tensor): Tensor {
  checkTargets("f1", logits, labels);
  const flat = (x: Tensor) => reshape(cast(x, "f32"), [x.shape[0]!, -1]);
  const predicted = flat(greater(logits, 0)), has = flat(greater(labels, 0.5));
  const both = concat([
    sum(mul(predicted, has), 1, { keep: true }),
    sum(abs(sub(predicted, has)), 1, { keep: true }),
  ], 1);
  return ofPredictions(logits, labels, both);
}

/** For each output of an example, its label, the label's square and the squared error. */
function squares(outputs: Tensor, labels: Tensor): Tensor {
  checkTargets("rSquared", outputs, labels);
  const flat = (x: Tensor) => reshape(x, [x.shape[0]!, -1]), y = flat(labels);
  const error = sub(flat(outputs), y);
  return concat([y, mul(y, y), mul(error, error)], 1);
}

/** The mean over outputs of 1 - (sum of squared errors) / (sum of squared distances from the mean). */
function determination(sums: readonly number[], examples: number): number {
  const outputs = sums.length / 3;
  const each = Array.from({ length: outputs }, (_, i) => {
    const sum = sums[i]!, total = sums[outputs + i]! - sum * sum / examples;
    return 1 - sums[2 * outputs + i]! / total;
  });
  return each.reduce((a, b) => a + b, 0) / outputs;
}

/**
 * Metrics by name, for the option `metrics` of `fit` and `evaluate`. Of classes: `accuracy`, the fraction of
 * correct predictions; `top5`, the fraction of labels among the five largest logits. Of several labels at
 * once: `labelAccuracy`, the fraction of labels predicted correctly, and `f1`, 2 · TP / (2 · TP + FP + FN)
 * over all labels of all examples (the micro average), a label being predicted where its logit is above 0.
 * Of numbers: `meanAbsoluteError`, and `rSquared`, the coefficient of determination, the mean of the
 * outputs'; its sums are of f32, so center labels that lie far from 0. Each is NaN if an output or a label of
 * any example is NaN.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const outputs = tensor([[1], [2], [4]]), labels = tensor([[1], [2], [3]]);
 * const { parts, value } = nn.METRICS.rSquared;
 * const each = await run.read(parts(outputs, labels)); // Label, its square, squared error.
 * const sums = [0, 1, 2].map((k) => each[k]! + each[3 + k]! + each[6 + k]!);
 * console.assert(value(sums, 3) === 0.5);
 * ```
 */
export const METRICS: Readonly<Record<MetricName, Metric>> = {
  accuracy: {
    parts: (logits, labels) => {
      checkLogits("accuracy", logits, labels, "soft");
      const classes = labels.dtype === "f32" ? argMax(labels) : cast(labels, "i32");
      const own = meanOfExample(cast(equal(argMax(logits), classes), "f32"));
      return ofPredictions(logits, labels, own);
    },
    value: average,
  },
  top5: {
    parts: (logits, labels) => {
      checkLogits("top5", logits, labels);
      const classes = logits.shape.at(-1)!,
        own = sum(mul(logits, oneHot(labels, classes)), -1, { keep: true });
      const larger = sum(cast(greater(logits, own), "f32"), -1);
      return ofPredictions(logits, labels, meanOfExample(cast(less(larger, 5), "f32")));
    },
    value: average,
  },
  labelAccuracy: {
    parts: (logits, labels) => {
      checkTargets("labelAccuracy", logits, labels);
      const own = meanOfExample(cast(sameSide(logits, labels), "f32"));
      return ofPredictions(logits, labels, own);
    },
    value: average,
  },
  f1: { parts: hitsAndErrors, value: ([hits, errors]) => 2 * hits! / (2 * hits! + errors!) },
  meanAbsoluteError: {
    parts: (outputs, labels) => {
      checkTargets("meanAbsoluteError", outputs, labels);
      return meanOfExample(abs(sub(outputs, labels)));
    },
    value: average,
  },
  rSquared: { parts: squares, value: determination },
};
