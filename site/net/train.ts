/**
 * Training one net of a comparison.
 *
 * @module
 */
import { nn, ops, optim, type Params, type Runtime, type Tensor, valueAndGrad } from "../../mod.ts";
import { buildNet } from "./build_net.ts";
import { batchOf, firstIndices, type Images, type Splits } from "./images.ts";
import type { InitName, Setting } from "./setting.ts";
import { drawWeights, rescale } from "./walk.ts";

/** Images of a training batch, and of one that is tested at once. */
const BATCH = 32, TEST_BATCH = 100;
/** Steps from one test to the next. */
export const TEST_EVERY = 50;
/**
 * Stochastic gradient descent, as in the paper: Adam divides by the size of gradients, and so hides what
 * weights of the wrong size cost.
 */
const OPTIMIZER = { learningRate: 0.02, momentum: 0.9, clipNorm: 1 } as const;

/** What happens while a net trains. */
export type TrainingEvent =
  | { readonly kind: "step"; readonly step: number; readonly loss: number }
  | { readonly kind: "test"; readonly step: number; readonly accuracy: number };

/** The setting whose net has the weights that are compared. */
const settingOf = (setting: Setting, init: InitName): Setting =>
  init === "lsuv" ? setting : { ...setting, start: init };

/** Numbers from 0 up to a bound, drawn anew for each batch: mulberry32. */
function* indices(count: number, seed: number): Generator<Int32Array> {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (;;) yield Int32Array.from({ length: BATCH }, () => Math.floor(next() * count));
}

function* batches(images: Images, seed: number, steps: number) {
  const drawn = indices(images.count, seed);
  for (let step = 0; step < steps; step++) yield batchOf(images, drawn.next().value);
}

/** Trains a net, with events for every step and test. All initializations see the same batches. */
export async function* train(
  run: Runtime,
  setting: Setting,
  init: InitName,
  { train, test }: Splits,
  steps: number,
): AsyncGenerator<TrainingEvent> {
  const built = buildNet(settingOf(setting, init)), { net } = built;
  const drawn = drawWeights(run, built, setting.seed, train);
  const params = init === "lsuv" ? rescale(run, built, drawn, train) : drawn;
  const optimizer = optim.sgd(OPTIMIZER);
  const lossOf = (p: Params, x: Tensor, y: Tensor) =>
    ops.mean(nn.softmaxCrossEntropy(net(p, x), y));
  type Carry = readonly [Params, ReturnType<typeof optimizer.init>];
  const step = ([p, state]: Carry, [x, y]: readonly [Tensor, Tensor]) => {
    const [loss, gradient] = valueAndGrad((p: Params) => lossOf(p, x, y))(p);
    return [optimizer.step(p, gradient, state) as Carry, loss] as const;
  };
  const correct = run.jit((p: Params, x: Tensor, y: Tensor) =>
    ops.sum(ops.cast(ops.equal(ops.argMax(net(p, x), 1), y), "f32"))
  );
  const accuracy = async (p: Params): Promise<number> => {
    const all = firstIndices(test.count);
    let right = 0;
    for (let at = 0; at < test.count; at += TEST_BATCH) {
      const [x, y] = batchOf(test, all.subarray(at, at + TEST_BATCH));
      right += (await run.read(correct(p, x, y)))[0]!;
    }
    return right / test.count;
  };
  let count = 0;
  const drawnBatches = batches(train, setting.seed, steps);
  for await (
    const [[p], loss] of run.fold(step, [params, optimizer.init(params)] as Carry, drawnBatches)
  ) {
    count++;
    yield { kind: "step", step: count, loss: (await run.read(loss))[0]! };
    if (count % TEST_EVERY === 0 || count === steps) {
      yield { kind: "test", step: count, accuracy: await accuracy(p) };
    }
  }
}
