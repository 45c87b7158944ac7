/**
 * Distillation: a net learns from labels and from a teacher's softened probabilities.
 *
 * @module
 */
import { type Loss, softmaxCrossEntropy } from "../nn/losses.ts";
import { softenedCrossEntropy } from "../nn/soft_labels.ts";
import { add, mul } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import type { Objective } from "./objective.ts";

/** Options of {@linkcode distillation}. */
export interface DistillationOptions {
  /** The teacher's logits of images, such as `(images) => teacher(params, images)`. */
  readonly teacher: (images: Tensor) => Tensor;
  /** The divisor of the logits of both nets, which softens their probabilities; 3 if left out. */
  readonly temperature?: number;
  /** The weight of the teacher's part, a number or a schedule; 1 if left out. */
  readonly weight?: number | ((step: Tensor) => Tensor);
  /** The loss of the labels; `softmaxCrossEntropy` if left out. */
  readonly loss?: Loss;
}

/**
 * The objective of distillation: cross-entropy with the labels, plus `weight` times the cross-entropy with
 * the teacher's probabilities, both nets' logits divided by the temperature. Hinton, Vinyals & Dean,
 * "Distilling the Knowledge in a Neural Network" (2015); in the form of FitNets' second stage (Romero et al.
 * 2015, eq. 2), whose weight falls from 4 to 1 and whose temperature is 3.
 *
 * @throws RangeError unless the temperature is above 0.
 *
 * @example
 * ```ts
 * import { nn, open, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const output = tensor([[2, -1]]), labels = tensor([0], [1], "i32"), images = tensor([[0]]);
 * const objective = train.distillation({ teacher: () => tensor([[0, 0]]), temperature: 2, weight: 4 });
 * const [found] = await run.read(objective({ output, labels, images, sides: [], step: tensor(0, [], "i32") }));
 * const softened = (Math.log(1 + Math.exp(1.5)) + Math.log(1 + Math.exp(-1.5))) / 2;
 * console.assert(Math.abs(found! - Math.log(1 + Math.exp(-3)) - 4 * softened) < 1e-5);
 * ```
 */
export function distillation(
  { teacher, temperature = 3, weight = 1, loss = softmaxCrossEntropy }: DistillationOptions,
): Objective {
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(`distillation: expected a temperature above 0, found ${temperature}`);
  }
  return ({ output, images, labels, step }) => {
    const softened = softenedCrossEntropy(output, teacher(images), temperature);
    const factor = typeof weight === "number" ? weight : weight(step);
    return add(loss(output, labels), mul(softened, factor));
  };
}
