/**
 * Training steps from weights and images that any program can reproduce, from tests/golden/fill.ts.
 *
 * @module
 */
import { constant } from "../src/ops/mod.ts";
import { type Layer, softmaxCrossEntropy } from "../src/nn/mod.ts";
import { sgd } from "../src/optim/mod.ts";
import { differentiate } from "../src/train/objective.ts";
import { key } from "../src/random.ts";
import { type Params, type Tensor, tensor } from "../src/tensor.ts";
import type { Spec } from "../src/spec.ts";
import { leaves, unflatten } from "../src/tree.ts";
import type { Runtime } from "../src/runtime/mod.ts";
import { fill } from "../tests/golden/fill.ts";
import type { Tuple } from "../src/tuple.ts";
import { inputsFor, type NetName, NETS, startOf } from "./nets/mod.ts";

/** The optimizer of every step. */
export const OPTIMIZER = sgd({ learningRate: 0.001, momentum: 0.9 });

/** A net to be trained repeatedly on one batch. */
export interface Training {
  readonly net: Layer;
  readonly params: Params;
  readonly images: Tensor;
  readonly labels: Tensor;
}

/**
 * A net with weights of variance `gain` / fan-in, no biases, inputs of variance 1, and labels of 0 to 9.
 */
export function createTraining(net: Layer, { shape, dtype }: Spec, gain = 1): Training {
  const made = net.init(key(0), { shape, dtype }), [batch] = shape as Tuple<number, 1>;
  const params = startOf(made, gain).map((start, i) => {
    const { shape } = start, size = shape.reduce((n, d) => n * d, 1);
    return tensor(
      "scale" in start ? fill(size, i, start.scale) : new Float32Array(size).fill(start.value),
      shape,
    );
  });
  return {
    net,
    params: unflatten<unknown, Tensor, Tensor>(made, params) as Params,
    images: tensor(fill(shape.reduce((n, d) => n * d, 1), 1000, Math.sqrt(3)), shape),
    labels: tensor(Int32Array.from(fill(batch, 1001, 5), (v) => Math.floor(v + 5))),
  };
}

/** One of the nets, to be trained on batches of a size. */
export const trainingOf = (net: NetName, batch: number): Training =>
  createTraining(NETS[net].create(), inputsFor(net, batch), NETS[net].gain);

/** Repeats a value endlessly. */
function* repeated<X>(x: X): Generator<X> {
  for (;;) yield x;
}

type Carry = readonly [params: Params, state: ReturnType<typeof OPTIMIZER.init>];

/** Parameters with those that the optimizer does not decide, such as running statistics, put in. */
const withFixed = (params: Params, fixed: readonly (Tensor | undefined)[]): Params =>
  unflatten<unknown, Tensor, Tensor>(
    params,
    leaves<Tensor>(params).map((w, i) => fixed[i] ?? w),
  ) as Params;

/**
 * A function that takes one step of SGD with momentum, of the net's loss and those of its companions, and
 * returns the loss, which must be read before the next step or not at all.
 */
export function stepper(run: Runtime, { net, params, images, labels }: Training) {
  const training = { net, loss: softmaxCrossEntropy }, step = constant(0, [], "i32");
  const next = ([params, state]: Carry, [images, labels]: readonly [Tensor, Tensor]) => {
    const inputs = { images, labels, key: key(0), step };
    const { value, grads, fixed } = differentiate(training, params, inputs);
    const [moved, after] = OPTIMIZER.step(params, grads, state);
    return [[withFixed(moved, fixed), after] as Carry, value] as const;
  };
  const batch = run.jit((x: Tensor, y: Tensor) => [x, y] as const)(images, labels);
  const loop = run.fold(next, [params, OPTIMIZER.init(params)] as Carry, repeated(batch));
  return async (): Promise<Tensor> => (await loop.next()).value![1];
}
