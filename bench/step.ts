/**
 * Training steps from weights and images that any program can reproduce, from tests/golden/fill.ts.
 *
 * @module
 */
import { fitnet1, fitnet4, fitnetMnist } from "../src/models/mod.ts";
import { mean } from "../src/ops/mod.ts";
import { type Layer, softmaxCrossEntropy } from "../src/nn/mod.ts";
import { sgd } from "../src/optim/mod.ts";
import { valueAndGrad } from "../src/grad.ts";
import { key } from "../src/random.ts";
import { type Params, type Tensor, tensor } from "../src/tensor.ts";
import type { Spec } from "../src/spec.ts";
import { leaves, unflatten } from "../src/tree.ts";
import type { Runtime } from "../src/runtime/mod.ts";
import { fill } from "../tests/golden/fill.ts";
import type { Tuple } from "../src/tuple.ts";

/** The nets by name, without dropout. */
export const NETS = {
  fitnet1: () => fitnet1(),
  fitnet4: () => fitnet4({ dropout: 0 }),
  fitnetMnist: () => fitnetMnist({ dropout: 0 }),
} as const satisfies Record<string, () => Layer<readonly Params[]>>;

/** One of {@linkcode NETS}. */
export type NetName = keyof typeof NETS;

/** The shape of a net's images. */
export const imagesFor = (net: NetName, batch: number): Spec => ({
  shape: net === "fitnetMnist" ? [batch, 28, 28, 1] : [batch, 32, 32, 3],
  dtype: "f32",
});

const OPTIMIZER = sgd({ learningRate: 0.001, momentum: 0.9 });

/** A net to be trained repeatedly on one batch. */
export interface Training {
  readonly net: Layer<readonly Params[]>;
  readonly params: readonly Params[];
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** A net with weights of variance 1 / fan-in, no biases, images of variance 1, and labels of 0 to 9. */
export function createTraining(net: Layer<readonly Params[]>, { shape, dtype }: Spec): Training {
  const made = net.init(key(0), { shape, dtype }), [batch] = shape as Tuple<number, 1>;
  const params = leaves<Tensor>(made).map(({ shape, size }, i) => {
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1);
    return tensor(i % 2 ? new Float32Array(size) : fill(size, i, Math.sqrt(3 / fanIn)), shape);
  });
  return {
    net,
    params: unflatten<unknown, Tensor, Tensor>(made, params) as readonly Params[],
    images: tensor(fill(shape.reduce((n, d) => n * d, 1), 1000, Math.sqrt(3)), shape),
    labels: tensor(Int32Array.from(fill(batch, 1001, 5), (v) => Math.floor(v + 5))),
  };
}

/** Repeats a value endlessly. */
function* repeated<X>(x: X): Generator<X> {
  for (;;) yield x;
}

type Carry = readonly [params: readonly Params[], state: ReturnType<typeof OPTIMIZER.init>];

/**
 * A function that takes one step of SGD with momentum and returns its loss, which must be read before the
 * next step or not at all.
 */
export function stepper(run: Runtime, { net, params, images, labels }: Training) {
  const step = ([params, state]: Carry, [x, y]: readonly [Tensor, Tensor]) => {
    const loss = (p: readonly Params[]) => mean(softmaxCrossEntropy(net(p, x), y));
    const [value, gradient] = valueAndGrad(loss)(params);
    return [OPTIMIZER.step(params, gradient, state) as Carry, value] as const;
  };
  const batch = run.jit((x: Tensor, y: Tensor) => [x, y] as const)(images, labels);
  const loop = run.fold(step, [params, OPTIMIZER.init(params)] as Carry, repeated(batch));
  return async (): Promise<Tensor> => (await loop.next()).value![1];
}
