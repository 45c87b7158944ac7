/**
 * What training minimizes, and its gradient.
 *
 * @module
 */
import { counted } from "../counted.ts";
import { valueAndGrad } from "../grad.ts";
import type { Layer } from "../nn/layer.ts";
import { type Loss, perExample } from "../nn/losses.ts";
import { smoothLabels } from "../nn/soft_labels.ts";
import { type Side, trainingPass } from "../nn/training_pass.ts";
import { add, mean, mul, sub } from "../ops/mod.ts";
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { entries, leaves, unflatten } from "../tree.ts";
import type { Mixing } from "./mixing.ts";

/** What an objective sees of a training step. */
export interface ObjectiveInput {
  /** The net's output. */
  readonly output: Tensor;
  /** The outputs of its companions, in execution order. */
  readonly sides: readonly Side[];
  /** The batch: [batch, height, width, channels]. */
  readonly images: Tensor;
  /** Classes i32[batch], or numbers f32[batch, outputs]. */
  readonly labels: Tensor;
  /** Steps taken before this one, i32[]. */
  readonly step: Tensor;
}

/** A training objective: the losses of a batch's examples, f32[batch], whose mean is minimized. */
export type Objective = (input: ObjectiveInput) => Tensor;

/** Throws RangeError unless there is exactly one logit for each class. */
function checkClasses(logits: Tensor, classes: number | undefined): void {
  if (classes === undefined || logits.shape.at(-1) === classes) return;
  throw new RangeError(
    `fit: expected a net with ${counted(classes, "output")}, one for each class, found logits ${
      showSpec(logits)
    }`,
  );
}

/** A loss of smoothed labels; the loss itself without smoothing. */
function smoothedLoss(loss: Loss, smoothing: number | undefined): Loss {
  if (!smoothing) return loss;
  return (logits, labels) => loss(logits, smoothLabels(labels, logits.shape.at(-1)!, smoothing));
}

/** The loss of the net's logits, plus those of its companions, each times its weight. */
function lossOfOutputs(
  { loss, classes, logits, labelSmoothing }: Pick<
    Training<Params>,
    "loss" | "classes" | "logits" | "labelSmoothing"
  >,
): Objective {
  const own = smoothedLoss(loss, labelSmoothing);
  return ({ output: whole, sides, labels }) => {
    const output = logits ? logits(whole) : whole;
    for (const each of [output, ...sides.map(({ output }) => output)]) {
      checkClasses(each, classes);
    }
    const ofSide = (side: Side) => side.loss ? smoothedLoss(side.loss, labelSmoothing) : own;
    return sides.reduce(
      (total, side) => add(total, mul(perExample(ofSide(side), side.output, labels), side.weight)),
      perExample(own, output, labels),
    );
  };
}

/** What is trained, and for what. */
export interface Training<P extends Params> {
  /** The net to train. */
  readonly net: Layer<P>;
  /** One of `LOSSES`, or another per-example loss; an example has the mean of its further axes. */
  readonly loss: Loss;
  /**
   * What is minimized, if it is more than the loss of the net's output and of its companions: a
   * distillation, or losses of several outputs.
   */
  readonly objective?: Objective | undefined;
  /**
   * The logits in the net's output, where there is more in it: what the loss is of without an `objective`,
   * and what accuracies and evaluations are of. All of the output if left out.
   */
  readonly logits?: ((output: Tensor) => Tensor) | undefined;
  /**
   * Which parameters are trained, by path such as `[0].w`, the others being frozen: neither gradients, nor
   * weight decay, nor momentum move them, and they count in no norm. All if left out. What layers learn
   * without gradients moves nevertheless, as in PyTorch: the running statistics of a frozen batch norm still
   * follow the batches.
   */
  readonly trainable?: ((path: string) => boolean) | undefined;
  /**
   * The part of each label that is spread evenly over all classes, in training alone: smoothed labels, of a
   * softmax cross-entropy; 0 if left out. Not beside an `objective`.
   */
  readonly labelSmoothing?: number | undefined;
  /**
   * How the images of each training batch are mixed, such as `mixup(0.2)` or `cutmix(1)`; not if left out.
   * Losses are mixed likewise; a prediction counts as correct if it is the label of the larger part.
   */
  readonly mixing?: Mixing | undefined;
  /** The number of classes, to check that there is one logit for each; not checked if left out. */
  readonly classes?: number | undefined;
}

/** The inputs of a training step. */
export interface StepInputs {
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly key: Key;
  readonly step: Tensor;
}

/** The value and gradients of an objective at some parameters. */
export interface Slope<P extends Params> {
  /** f32[]. */
  readonly value: Tensor;
  /** Zero for parameters that are not trained. */
  readonly grads: P;
  /** The logits in the net's output. */
  readonly logits: Tensor;
  /**
   * For each parameter in order, its value after the step if the optimizer does not decide it: what the
   * layers learned without gradients, and parameters that are not trained.
   */
  readonly fixed: readonly (Tensor | undefined)[];
}

/** Throws RangeError unless losses are f32[batch, ...]. */
function checkLosses(losses: Tensor, { images }: StepInputs): Tensor {
  if (losses.dtype === "f32" && losses.rank >= 1 && losses.shape[0] === images.shape[0]) {
    return losses;
  }
  throw new RangeError(
    `objective: expected a loss for each example, f32[${images.shape[0]}], found ${
      showSpec(losses)
    }; leave the mean out`,
  );
}

/** The losses of an objective on images that may be mixed: those of both labels, each by its part. */
function mixedObjective<P extends Params>(
  training: Training<P>,
  { images, labels, key, step }: StepInputs,
): { readonly images: Tensor; readonly losses: (pass: ModelOutput) => Tensor } {
  const { objective = lossOfOutputs(training), mixing } = training;
  const mixed = mixing?.(images, key), seen = mixed?.images ?? images;
  const losses = (pass: ModelOutput, labels: Tensor) =>
    objective({ ...pass, images: seen, labels, step });
  if (!mixed) return { images, losses: (pass) => losses(pass, labels) };
  const { own, partner } = mixed;
  return {
    images: seen,
    losses: (pass) =>
      add(mul(losses(pass, labels), own), mul(losses(pass, partner(labels)), sub(1, own))),
  };
}

/** What a net gives in a training pass. */
type ModelOutput = Pick<ObjectiveInput, "output" | "sides">;

/** The value of an objective, its gradients, and what is learned without them. */
export function differentiate<P extends Params>(
  training: Training<P>,
  params: P,
  inputs: StepInputs,
): Slope<P> {
  const { net, logits, trainable = () => true } = training, { key } = inputs;
  const { images, losses: lossesOf } = mixedObjective(training, inputs);
  const given = entries<Tensor>(params), trained = given.map(([path]) => trainable(path));
  const [[value, { output, fixed }], grads] = valueAndGrad((params: P) => {
    const own = leaves<Tensor>(params).map((w, i) => trained[i] ? w : given[i]![1]);
    const weights = unflatten<P, Tensor, Tensor>(params, own) as unknown as P;
    const pass = trainingPass(net, weights, images, key), { output, sides } = pass;
    const losses = checkLosses(lossesOf({ output, sides }), inputs);
    const after = leaves<Tensor>(pass.params);
    const fixed = own.map((w, i) => after[i] !== w ? after[i] : trained[i] ? undefined : w);
    return [mean(losses), { output, fixed }] as const;
  })(params);
  return { value, grads, logits: logits ? logits(output) : output, fixed };
}
