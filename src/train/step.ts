/**
 * One training step as a pure function for `fold`: metrics stay on the device, and after divergence the
 * last finite weights are kept.
 *
 * @module
 */
import { correctPredictions, targetKind } from "../nn/loss_table.ts";
import type { Metric } from "../nn/metrics.ts";
import { add, cast, constant, less, mul, sum, where } from "../ops/mod.ts";
import type { Optimizer } from "../optim/mod.ts";
import { foldIn, type Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { leaves } from "../tree.ts";
import { averageParams } from "./averaging.ts";
import type { BatchTensors, Examples } from "./input/batch_tensors.ts";
import { mapValues } from "./metric_sums.ts";
import { type NonFinitePolicy, STOP } from "./nonfinite/policy.ts";
import {
  judge,
  type Recovery,
  scaleUpdate,
  settle,
  type Snapshot,
  withLeaves,
} from "./nonfinite/recovery.ts";
import { differentiate, type Training } from "./objective.ts";

/** Sums since the start of the epoch, all of shape []. */
export type Metrics = {
  /** The sum of the per-example losses, f32. */
  readonly loss: Tensor;
  /**
   * Correct predictions, i32, of one for each label; 0 where labels are numbers, and with an `objective` if the
   * output is not one logit per class.
   */
  readonly correct: Tensor;
  /** Images seen, i32. */
  readonly images: Tensor;
  /** The step, from 0, that ended the run as its numbers were not finite; -1 while there is none. i32. */
  readonly badStep: Tensor;
  /** The parts of the metrics that were asked for, f32[parts], by name. */
  readonly parts: Readonly<Record<string, Tensor>>;
};

/** The carry: what a step passes to the next. */
export type Carry<P extends Params = Params, S extends Params = Params> = {
  /** The net's parameters. */
  readonly params: P;
  /** The optimizer's state. */
  readonly state: S;
  /** The key from which each step derives its dropout key. */
  readonly key: Key;
  /** Steps taken, i32[]. */
  readonly step: Tensor;
  /** Sums of the epoch. */
  readonly metrics: Metrics;
  /** The running averages of the parameters, of a training run with `averaging`. */
  readonly averages?: P;
  /** What a step goes back to where numbers are not finite, of a training run by `fit`. */
  readonly recovery?: Recovery<P, S>;
};

/** What is trained, and what is measured meanwhile. */
export interface MeasuredTraining<P extends Params> extends Training<P> {
  /** Metrics to measure in training, by name; none if left out. */
  readonly metrics?: Readonly<Record<string, Metric>> | undefined;
}

/** How a step updates the parameters. */
export interface UpdateOptions<S extends Params> {
  /** The optimizer. */
  readonly optimizer: Optimizer<S>;
  /**
   * The decay of running averages of the parameters, which the carry then has beside them: near 1, such as
   * 0.999. In the first steps it is lower, (1 + step) / (10 + step). None if left out.
   */
  readonly averaging?: number | undefined;
  /** What is done where numbers are not finite, if the carry has a `recovery`; it stops if left out. */
  readonly policy?: NonFinitePolicy | undefined;
}

/** The net, the loss and the optimizer of a step. */
export interface TrainStepOptions<P extends Params, S extends Params>
  extends MeasuredTraining<P>, UpdateOptions<S> {}

/**
 * The carry before the first step.
 *
 * @param parts How many parts each metric that is measured has, by name.
 * @param averaging As the step's; only whether there is one matters.
 *
 * @example
 * ```ts
 * import { key, nn, optim, train } from "@goodinit/goodinit";
 *
 * const net = nn.dense(2), params = net.init(key(0), { shape: [1, 4], dtype: "f32" });
 * const carry = train.initialCarry(params, optim.sgd({ learningRate: 0.1 }), key(1));
 * console.assert(carry.params === params && carry.metrics.images.dtype === "i32");
 * ```
 */
export const initialCarry = <P extends Params, S extends Params>(
  params: P,
  optimizer: Optimizer<S>,
  key: Key,
  parts: Readonly<Record<string, number>> = {},
  averaging?: number,
): Carry<P, S> => ({
  params,
  state: optimizer.init(params),
  key,
  step: constant(0, [], "i32"),
  metrics: {
    loss: constant(0),
    correct: constant(0, [], "i32"),
    images: constant(0, [], "i32"),
    badStep: constant(-1, [], "i32"),
    parts: mapValues(parts, (count) => constant(0, [count])),
  },
  ...(averaging !== undefined && { averages: params }),
});

/** The correct predictions of a batch, i32[]; 0 where the output is trained for something else than labels. */
function countCorrect(
  logits: Tensor,
  labels: Tensor,
  { loss, objective, classes }: Pick<Training<Params>, "loss" | "objective" | "classes">,
): Tensor {
  const fits = labels.dtype === "f32"
    ? logits.shape.join() === labels.shape.join()
    : logits.rank === labels.rank + 1;
  const hasClasses = fits && (classes === undefined || logits.shape.at(-1) === classes);
  const correct = objective && !hasClasses
    ? undefined
    : correctPredictions(targetKind(loss), logits, labels);
  return correct ? sum(cast(correct, "i32")) : constant(0, [], "i32");
}

/** What a batch says about a step, before the optimizer. */
export interface BatchGradients<P extends Params> {
  /** The mean of the objective, f32[]. */
  readonly value: Tensor;
  /** Its gradients. */
  readonly grads: P;
  /** Correct predictions, i32[]. */
  readonly correct: Tensor;
  /** The sums of the metrics' parts, f32[parts], by name. */
  readonly parts: Readonly<Record<string, Tensor>>;
  /** For each parameter in order, its value after the step if the optimizer does not decide it. */
  readonly fixed: readonly (Tensor | undefined)[];
}

/** The gradients of a batch at a carry. */
export function batchGradients<P extends Params, S extends Params>(
  { metrics = {}, ...training }: MeasuredTraining<P>,
  { params, key, step }: Carry<P, S>,
  { images, labels }: Examples,
): BatchGradients<P> {
  const inputs = { images, labels, key: foldIn(key, step), step };
  const { value, grads, logits, fixed } = differentiate(training, params, inputs);
  const parts = mapValues(metrics, ({ parts }) => sum(parts(logits, labels), 0));
  return { value, grads, correct: countCorrect(logits, labels, training), parts, fixed };
}

/** What an update changes in a carry. */
const snapshotOf = <P extends Params, S extends Params>(
  { params, state, averages }: Carry<P, S>,
): Snapshot<P, S> => ({ params, state, ...(averages && { averages }) });

/** What the optimizer makes of a carry, whether numbers are finite or not. */
function update<P extends Params, S extends Params>(
  { optimizer, averaging, policy }: UpdateOptions<S>,
  { params, state, step, averages, recovery }: Carry<P, S>,
  { grads, fixed }: BatchGradients<P>,
): Snapshot<P, S> {
  const [trained, nextState] = optimizer.step(params, grads, state);
  const before = leaves<Tensor>(params), after = leaves<Tensor>(trained);
  const factor = policy?.action === "lower-rate" ? recovery?.rateFactor : undefined;
  const moved = factor ? scaleUpdate(before, after, factor) : after;
  const next = withLeaves(params, moved.map((w, i) => fixed[i] ?? w));
  if (!averages || averaging === undefined) {
    return { params: next, state: nextState, ...(averages && { averages }) };
  }
  const moving = { decay: averaging, step };
  return { params: next, state: nextState, averages: averageParams(averages, next, moving) };
}

/**
 * The carry after a step.
 *
 * @param batch The images of the batch.
 * @param first 1 in the first batch of an epoch, else 0; u32[].
 */
export function applyGradients<P extends Params, S extends Params>(
  options: UpdateOptions<S>,
  carry: Carry<P, S>,
  gradients: BatchGradients<P>,
  batch: number,
  first: Tensor,
): Carry<P, S> {
  const { key, step, metrics, recovery } = carry;
  const { value, grads, correct, parts } = gradients;
  const before = snapshotOf(carry), after = update(options, carry, gradients);
  const verdict = judge(value, grads, recovery ? leaves<Tensor>(after.params) : []);
  const converging = less(metrics.badStep, 0), good = mul(verdict.all, converging);
  const unsettled = { before, after, recovery, verdict, converging, step };
  const { next, recovery: kept, ends } = settle(unsettled, options.policy ?? STOP);
  const accumulate = (before: Tensor, more: Tensor | number) =>
    add(where(first, 0, before), where(good, more, 0));
  return {
    params: next.params,
    state: next.state,
    key,
    step: add(step, 1),
    metrics: {
      loss: accumulate(metrics.loss, mul(value, batch)),
      correct: accumulate(metrics.correct, correct),
      images: accumulate(metrics.images, constant(batch, [], "i32")),
      badStep: where(ends, step, metrics.badStep),
      parts: mapValues(parts, (sums, name) => accumulate(metrics.parts[name]!, sums)),
    },
    ...(next.averages && { averages: next.averages }),
    ...(kept && { recovery: kept }),
  };
}

/**
 * A training step for `fold`: `(carry, batch) => [carry, []]`. Nothing is read back, and one trace covers
 * every step.
 *
 * What layers learn without gradients, such as the running statistics of batch norm, moves on with each
 * step; the optimizer and its weight decay do not touch it. A label outside the classes makes the loss NaN.
 * From the first step whose loss or gradients are not finite, parameters and optimizer state stay as they
 * were before it, and `badStep` is that step; `fit` also looks at updated weights, and can go on.
 *
 * @example
 * ```ts
 * import { key, nn, normal, open, optim, sequential, tensor, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.flatten, nn.dense(2)), optimizer = optim.sgd({ learningRate: 0.1 });
 * const images = normal(key(1), [4, 2, 2, 1]), labels = tensor([0, 1, 0, 1], [4], "i32");
 * const start = train.initialCarry(net.init(key(0), images), optimizer, key(2));
 * const batches = Array.from({ length: 3 }, (_, i) => (
 *   { images, labels, first: tensor(Uint32Array.of(i === 0 ? 1 : 0), []) }
 * ));
 * for await (const [{ metrics }] of run.fold(train.trainStep({ net, loss: nn.LOSSES.softmax, optimizer }), start, batches)) {
 *   const { loss, images } = await run.read(metrics);
 *   console.log(loss[0]! / images[0]!);
 * }
 * ```
 */
export function trainStep<P extends Params, S extends Params>(
  { optimizer, averaging, policy, ...training }: TrainStepOptions<P, S>,
): (carry: Carry<P, S>, x: BatchTensors) => readonly [Carry<P, S>, readonly []] {
  return function trainStep(carry, { images, labels, first }) {
    const gradients = batchGradients(training, carry, { images, labels }), batch = images.shape[0]!;
    return [applyGradients({ optimizer, averaging, policy }, carry, gradients, batch, first), []];
  };
}
