/**
 * Soft labels: the loss of a net that is taught by another net's logits, and smoothed labels.
 *
 * @module
 */
import { add, mul, oneHot, softmax, stopGradient } from "../ops/mod.ts";
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
