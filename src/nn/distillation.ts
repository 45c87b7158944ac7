/**
 * Losses of a student net that is taught by another net's outputs, and smoothed labels.
 *
 * @module
 */
import { add, mul, oneHot, type Operand, softmax, stopGradient } from "../ops/mod.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkRate } from "./check.ts";
import { softmaxCrossEntropy } from "./losses.ts";

/**
 * The cross-entropy of each example between a teacher's softmax and the net's, both of logits divided by a
 * temperature, in nats: [..., classes] → [...]. Hinton, Vinyals & Dean, "Distilling the Knowledge in a Neural
 * Network" (2015), section 2. No gradient reaches the teacher. Gradients in the logits shrink by about
 * temperature²; the paper makes up for it by a factor, FitNets do not.
 *
 * @param teacher The teacher's logits.
 * @throws RangeError unless both logits are f32[..., classes] of one shape, or the temperature is not
 * positive.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[0, 0]]), teacher = tensor([[3, -3]]);
 * const [loss] = await run.read(nn.softenedCrossEntropy(logits, teacher, 3));
 * console.assert(Math.abs(loss! - Math.LN2) < 1e-6);
 * ```
 */
export function softenedCrossEntropy(
  logits: Tensor,
  teacher: Tensor,
  temperature: number,
): Tensor {
  const fits = [logits, teacher].every(({ dtype, rank }) => dtype === "f32" && rank >= 1);
  if (!fits || logits.shape.join() !== teacher.shape.join()) {
    throw new RangeError(
      `softenedCrossEntropy: expected the net's and the teacher's logits f32[..., classes] of one shape, found ${
        showSpec(logits)
      } and ${showSpec(teacher)}`,
    );
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(
      `softenedCrossEntropy: expected a temperature above 0, found ${temperature}`,
    );
  }
  const targets = softmax(mul(stopGradient(teacher), 1 / temperature));
  return softmaxCrossEntropy(mul(logits, 1 / temperature), targets);
}

/** Options of {@linkcode distillationLoss}. */
export interface DistillationOptions {
  /** What both nets' logits are divided by in the softened term; FitNets used 3. */
  readonly temperature: number;
  /** The weight of the softened term, λ; a tensor f32[] for one that changes from step to step. */
  readonly weight: Operand;
}

/**
 * A distillation loss of each example, H(labels, softmax(logits)) + λ · H(teacher, student) with both
 * softened: [..., classes] → [...]. Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), equation 2
 * (adri-romsor/FitNets), where λ falls linearly from 4 to 1. Hinton et al. (2015) weigh by λ = temperature²
 * and more, and the labels' term by less.
 *
 * @param labels Integers[...], or f32[..., classes].
 * @param teacher The teacher's logits; no gradient reaches them.
 * @throws RangeError as {@linkcode softmaxCrossEntropy} and {@linkcode softenedCrossEntropy} do.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const logits = tensor([[0, 0]]), teacher = tensor([[3, -3]]), labels = tensor([0], [1], "i32");
 * const each = nn.distillationLoss(logits, labels, teacher, { temperature: 3, weight: 2 });
 * console.assert(Math.abs((await run.read(each))[0]! - 3 * Math.LN2) < 1e-6);
 * ```
 */
export const distillationLoss = (
  logits: Tensor,
  labels: Tensor,
  teacher: Tensor,
  { temperature, weight }: DistillationOptions,
): Tensor =>
  add(
    softmaxCrossEntropy(logits, labels),
    mul(softenedCrossEntropy(logits, teacher, temperature), weight),
  );

/**
 * Labels as probabilities of the classes, of which a part is spread evenly over all classes: [...] → f32[...,
 * classes], 1 - smoothing + smoothing / classes at the label. Szegedy et al., "Rethinking the Inception
 * Architecture for Computer Vision" (2016), section 7; PyTorch's `label_smoothing`.
 *
 * @param labels Integers[...].
 * @param smoothing The part, from 0 to below 1.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const soft = nn.smoothLabels(tensor([2], [1], "i32"), 4, 0.5);
 * console.assert((await run.read(soft)).join() === "0.125,0.125,0.625,0.125");
 * ```
 */
export function smoothLabels(labels: Tensor, classes: number, smoothing: number): Tensor {
  checkRate("smoothLabels", smoothing);
  return add(mul(oneHot(labels, classes), 1 - smoothing), smoothing / classes);
}
