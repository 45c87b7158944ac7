/**
 * Losses of labels that are numbers, and of several labels at once.
 *
 * @module
 */
import { abs, add, exp, log, maximum, mean, mul, neg, sub } from "../ops/mod.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";

/** Throws RangeError unless outputs and targets are f32[..., outputs] of one shape. */
export function checkTargets(name: string, outputs: Tensor, targets: Tensor): void {
  const fits = [outputs, targets].every(({ dtype, rank }) => dtype === "f32" && rank >= 1);
  if (fits && outputs.shape.join() === targets.shape.join()) return;
  throw new RangeError(
    `${name}: expected outputs and labels f32[..., outputs] of one shape, found ${
      showSpec(outputs)
    } and ${showSpec(targets)}`,
  );
}

/**
 * The mean squared error of each example: the mean of (output - label)² over its outputs: [..., outputs] →
 * [...]. The mean over examples is PyTorch's `mse_loss`.
 *
 * @param labels Numbers, f32[..., outputs].
 * @throws RangeError unless outputs and labels are f32 of one shape.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const outputs = tensor([[1, 2], [3, 4]]), labels = tensor([[1, 0], [2, 2]]);
 * console.assert((await run.read(nn.meanSquaredError(outputs, labels))).join() === "2,2.5");
 * ```
 */
export function meanSquaredError(outputs: Tensor, labels: Tensor): Tensor {
  checkTargets("meanSquaredError", outputs, labels);
  const difference = sub(outputs, labels);
  return mean(mul(difference, difference), -1);
}

/**
 * The mean absolute error of each example: the mean of |output - label| over its outputs: [..., outputs] →
 * [...]. The mean over examples is PyTorch's `l1_loss`.
 *
 * @param labels Numbers, f32[..., outputs].
 * @throws RangeError unless outputs and labels are f32 of one shape.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const outputs = tensor([[1, 2], [3, 4]]), labels = tensor([[1, 0], [2, 2]]);
 * console.assert((await run.read(nn.meanAbsoluteError(outputs, labels))).join() === "1,1.5");
 * ```
 */
export function meanAbsoluteError(outputs: Tensor, labels: Tensor): Tensor {
  checkTargets("meanAbsoluteError", outputs, labels);
  return mean(abs(sub(outputs, labels)), -1);
}

/**
 * The binary cross-entropy of each example's sigmoids, in nats, for several labels at once: the mean over
 * labels of -label · log σ(logit) - (1 - label) · log(1 - σ(logit)): [..., labels] → [...]. The mean over
 * examples is PyTorch's `binary_cross_entropy_with_logits`; exact also for large logits.
 *
 * @param labels For each label 1 if the example has it, else 0, or a probability: f32[..., labels].
 * @throws RangeError unless logits and labels are f32 of one shape.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [loss] = await run.read(nn.binaryCrossEntropy(tensor([[0, 100]]), tensor([[1, 0]])));
 * console.assert(Math.abs(loss! - (Math.LN2 + 100) / 2) < 1e-5);
 * ```
 */
export function binaryCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkTargets("binaryCrossEntropy", logits, labels);
  const losses = sub(maximum(logits, 0), mul(logits, labels));
  return mean(add(losses, log(add(exp(neg(abs(logits))), 1))), -1);
}
