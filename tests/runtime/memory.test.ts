/**
 * The loop owns the memory: what a training fold allocates does not depend on how long it runs.
 */
import { assertEquals } from "@std/assert";
import { valueAndGrad } from "../../src/grad.ts";
import { add, conv2d, matmul, maximum, mean, mul, reshape, sub } from "../../src/ops/mod.ts";
import { foldIn, key, normal } from "../../src/random.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { mapTree } from "../../src/tree.ts";
import { fill, filled, forEachDevice, readOne } from "../devices.ts";

type Weights = { readonly w1: Tensor; readonly w2: Tensor; readonly b: Tensor };

type Carry = {
  readonly params: Weights;
  readonly speed: Weights;
  readonly step: Tensor;
  readonly key: Tensor;
};

type Batch = { readonly images: Tensor; readonly targets: Tensor };

function loss(params: Weights, { images, targets }: Batch, noise: Tensor): Tensor {
  const h = maximum(conv2d(add(images, noise), params.w1), 0);
  const y = add(matmul(reshape(h, [images.shape[0]!, -1]), params.w2), params.b);
  return mean(mul(sub(y, targets), sub(y, targets)));
}

/** A step of training with everything that one has: momentum, a count, a key, a constant part. */
function train(carry: Carry, batch: Batch): readonly [Carry, { readonly loss: Tensor }] {
  const noise = mul(normal(foldIn(carry.key, carry.step), batch.images.shape), 0.01);
  const [value, gradient] = valueAndGrad(loss)(carry.params, batch, noise);
  const speed = mapTree(
    (v: Tensor, g: Tensor) => add(mul(v, 0.9), mul(g, 0.05)),
    carry.speed,
    gradient,
  ) as Weights;
  const params = mapTree((w: Tensor, v: Tensor) => sub(w, v), carry.params, speed);
  return [
    { params: params as Weights, speed, step: add(carry.step, 1), key: carry.key },
    { loss: value },
  ];
}

const start = (): Carry => ({
  params: { w1: filled([3, 3, 1, 2], 1), w2: filled([8, 2], 2), b: filled([2], 3) },
  speed: {
    w1: tensor(new Float32Array(18), [3, 3, 1, 2]),
    w2: tensor(new Float32Array(16), [8, 2]),
    b: tensor([0, 0]),
  },
  step: tensor(0, [], "u32"),
  key: key(0),
});

function* batches(steps: number): Generator<Batch> {
  for (let i = 0; i < steps; i++) {
    const images = tensor(fill(2 * 16, i % 4), [2, 4, 4, 1]);
    yield { images, targets: tensor([[1, 0], [0, 1]]) };
  }
}

const STEPS = 1000;

/** What a fold leaves behind, kept from the garbage collector so that it does not spoil the count. */
const kept: Carry[] = [];

for (const readEvery of [1, 100, STEPS]) {
  forEachDevice(
    `fold() holds the same memory from step 10 to ${STEPS}, read each ${readEvery}`,
    async (run) => {
      const seen: string[] = [], losses: number[] = [];
      let steps = 0;
      for await (const [carry, { loss }] of run.fold(train, start(), batches(STEPS))) {
        steps++;
        if (steps === STEPS) kept.push(carry);
        if (steps % readEvery === 0) losses.push((await readOne(run, loss))[0]!);
        if (steps >= 10) seen.push(JSON.stringify(run.memory()));
        if (steps === STEPS) assertEquals((await readOne(run, carry.step))[0], STEPS);
      }
      assertEquals([...new Set(seen)], [seen[0]]);
      assertEquals([steps, losses.length], [STEPS, STEPS / readEvery]);
      const last = losses[losses.length - 1]!;
      if (readEvery === 1 && !(last < losses[0]!)) {
        throw new Error(`loss ${losses[0]}, then ${last}`);
      }
    },
  );
}

forEachDevice("a second fold of the same step reuses the plan of the first", async (run) => {
  const fold = async () => {
    let memory = run.memory();
    for await (const _ of run.fold(train, start(), batches(12))) memory = run.memory();
    return memory;
  };
  const first = await fold(), second = await fold();
  assertEquals(second.plans, first.plans);
});
