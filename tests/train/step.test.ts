import { assert, assertEquals } from "@std/assert";
import { testBatches } from "../../src/data/mod.ts";
import { mean } from "../../src/ops/mod.ts";
import { valueAndGrad } from "../../src/grad.ts";
import { softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { leaves } from "../../src/tree.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { batchTensors } from "../../src/train/input/batch_tensors.ts";
import { initialCarry, trainStep } from "../../src/train/step.ts";
import type { BatchTensors } from "../../src/train/input/batch_tensors.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { SIZE, tinyNet, tinyParams, tinySplits } from "./fixtures.ts";
import type { Tuple } from "../../src/tuple.ts";

const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
const { train } = tinySplits(64, 8);
const batches = (): BatchTensors[] =>
  [...testBatches(train, { batch: 16 })].map((batch) => batchTensors(batch, train.dataset));

/** A batch in which one pixel is not a number. */
function broken(x: BatchTensors): BatchTensors {
  const images = x.images.data!.slice() as Float32Array<ArrayBuffer>;
  images[5] = NaN;
  return { ...x, images: tensor(images, x.images.shape) };
}

interface Seen {
  readonly loss: number;
  readonly correct: number;
  readonly images: number;
  readonly badStep: number;
  readonly step: number;
  readonly params: number[];
}

/** Everything that matters of the carry after each step. */
async function stepsOf(run: Runtime, xs: readonly BatchTensors[], rate = 0): Promise<Seen[]> {
  const net = tinyNet(rate), seen: Seen[] = [];
  const start = initialCarry(tinyParams(net), optimizer, key(9));
  for await (
    const [carry] of run.fold(trainStep({ net, loss: LOSSES.softmax, optimizer }), start, xs)
  ) {
    const { loss, correct, images, badStep } = await run.read(carry.metrics);
    const [step] = await run.read([carry.step]);
    const params = await run.read(leaves<Tensor>(carry.params));
    seen.push({
      loss: loss[0]!,
      correct: correct[0]!,
      images: images[0]!,
      badStep: badStep[0]!,
      step: step[0]!,
      params: params.flatMap((data) => [...data]),
    });
  }
  return seen;
}

forEachDevice(
  "trainStep() steps as the optimizer does on the gradient of the mean loss",
  async (run) => {
    const [x, y] = batches() as Tuple<BatchTensors, 2>, net = tinyNet();
    let params = tinyParams(net), state = optimizer.init(params);
    const losses: number[] = [];
    const plain = run.jit((params: typeof state.velocity, s: typeof state, x: BatchTensors) => {
      const [loss, grads] = valueAndGrad((p: Params) =>
        mean(softmaxCrossEntropy(net(p as never, x.images), x.labels))
      )(params);
      return [loss, ...optimizer.step(params, grads, s)] as const;
    });
    for (const each of [x, y]) {
      const [loss, p, s] = plain(params, state, each);
      losses.push((await run.read([loss]))[0][0]!);
      [params, state] = [p as typeof params, s as typeof state];
    }
    const expected = (await run.read(leaves<Tensor>(params))).flatMap((data) => [...data]);
    const seen = await stepsOf(run, [x, { ...y, first: tensor(Uint32Array.of(0), []) }]);
    assertClose(seen[1]!.params, expected, { relative: 1e-4, absolute: 1e-5 });
    assertClose(seen.map(({ loss }) => loss / 16), [losses[0]!, losses[0]! + losses[1]!], {
      relative: 1e-4,
    });
  },
);

forEachDevice(
  "trainStep() adds up within an epoch, and begins anew where `first` is 1",
  async (run) => {
    const seen = await stepsOf(run, [...batches(), ...batches()]);
    assertEquals(seen.map(({ images }) => images), [16, 32, 48, 64, 16, 32, 48, 64]);
    assertEquals(seen.map(({ step }) => step), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert(seen.every(({ badStep }) => badStep === -1));
    assert(seen[7]!.loss < 0.5 * seen[3]!.loss, `${seen[3]!.loss} then ${seen[7]!.loss}`);
    assert(seen[7]!.correct > seen[3]!.correct || seen[3]!.correct === 64);
  },
);

forEachDevice("trainStep() keeps the last finite weights from the first NaN on", async (run) => {
  const [a, b, c, d] = batches() as Tuple<BatchTensors, 4>;
  const seen = await stepsOf(run, [a, b, broken(c), d]);
  assertEquals(seen.map(({ badStep }) => badStep), [-1, -1, 2, 2]);
  assertEquals(seen[2]!.params, seen[1]!.params);
  assertEquals(seen[3]!.params, seen[1]!.params);
  assert(seen[3]!.params.every(Number.isFinite));
  assertEquals([seen[2]!.images, seen[3]!.images], [32, 32]);
  assertEquals([seen[2]!.loss, seen[3]!.loss], [seen[1]!.loss, seen[1]!.loss]);
});

forEachDevice("trainStep() treats an infinite gradient like NaN", async (run) => {
  const [a, b] = batches() as Tuple<BatchTensors, 2>;
  const large = tensor(new Float32Array(16 * SIZE * SIZE).fill(3e38), b.images.shape);
  const seen = await stepsOf(run, [a, { ...b, images: large }]);
  assertEquals(seen[1]!.badStep, 1);
  assertEquals(seen[1]!.params, seen[0]!.params);
});

forEachDevice(
  "trainStep() draws another dropout mask at each step, the same in each run",
  async (run) => {
    const [a] = batches();
    const again = [a, a].map((x) => ({ ...x!, images: x!.images }));
    const [one, two] = await Promise.all([stepsOf(run, again, 0.5), stepsOf(run, again, 0.5)]);
    assertEquals(one.map(({ params }) => params), two.map(({ params }) => params));
    const plain = await stepsOf(run, again, 0);
    assert(one[0]!.loss !== plain[0]!.loss);
  },
);

forEachDevice("trainStep() never uses a dropout mask twice", async (run) => {
  // A rate so small that the weights, and with them the loss under one mask, do not change.
  const net = tinyNet(0.5), still = sgd({ learningRate: 1e-30 }), [a] = batches();
  const start = initialCarry(tinyParams(net), still, key(9)), losses: number[] = [];
  const step = trainStep({ net, loss: LOSSES.softmax, optimizer: still });
  for await (const [{ metrics }] of run.fold(step, start, Array(6).fill(a))) {
    losses.push((await run.read([metrics.loss]))[0][0]!);
  }
  assertEquals(new Set(losses).size, 6, `${losses}`);
});
