/**
 * Optimizers and schedules.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import {
  adagrad,
  adam,
  constantSchedule,
  multiStepSchedule,
  type Optimizer,
  rmsprop,
  type Schedule,
  sgd,
  stepSchedule,
} from "../../src/optim/mod.ts";
import { gather, mul, sub, sum } from "../../src/ops/mod.ts";
import { grad } from "../../src/grad.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves } from "../../src/tree.ts";
import { goldenOps } from "../golden/read.ts";
import { filled as golden } from "../golden/fill.ts";
import type { Optimizer as GoldenOptimizer } from "../golden/types.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const at = (schedule: Schedule, step: number): number =>
  value(schedule(tensor(Int32Array.of(step), [])))[0]!;

/** The optimizer that a golden file names, with a rate. */
function optimizerOf(o: GoldenOptimizer, rate: number | Schedule): Optimizer {
  switch (o.name) {
    case "sgd":
      return sgd({ ...o, learningRate: rate });
    case "rmsprop":
      return rmsprop({ ...o, learningRate: rate });
    case "adam":
      return adam({ ...o, learningRate: rate });
    case "adagrad":
      return adagrad({ ...o, learningRate: rate });
  }
}

for (const { name, optimizer, rates, start, gradients, after } of goldenOps().optimizers) {
  forEachDevice(`${optimizer.name}() follows the golden path of ${name}`, async (run) => {
    const rule = optimizerOf(optimizer, (step) => gather(tensor([...rates]), step));
    const as = (f: typeof start) => ({ w: tensor(golden(f), f.shape) });
    const step = run.jit((p: { w: Tensor }, g: { w: Tensor }, s: Params) => rule.step(p, g, s));
    let params = as(start), state = rule.init(params);
    for (const [i, g] of gradients.entries()) {
      [params, state] = step(params, as(g), state);
      const { w } = await run.read(params) as { w: Float32Array };
      assertClose(w, after[i]!, { relative: 2e-6, absolute: 2e-6 }, `step ${i}`);
    }
  });
}

forEachDevice("one trace serves every step of every optimizer", async (run) => {
  const rules: Optimizer[] = [
    sgd({ learningRate: 0.1 }),
    rmsprop({ learningRate: 0.1 }),
    adam({ learningRate: 0.1 }),
    adagrad({ learningRate: 3 }),
  ];
  for (const rule of rules) {
    let traces = 0;
    const slope = grad((w: Tensor) => sum(mul(sub(w, 3), sub(w, 3))));
    const step = ([w, state]: readonly [Tensor, Params], _: Params) => {
      traces++;
      return [rule.step(w, slope(w), state), []] as const;
    };
    const start = [tensor([0, 10]), rule.init(tensor([0, 10]))] as const;
    let w: Float32Array | undefined;
    for await (const [carry] of run.fold(step, start, new Array(200).fill([]))) {
      [w] = await run.read([carry[0]]) as [Float32Array];
    }
    // An optimizer of normalized steps ends within one step of the minimum.
    assert(w!.every((v) => Math.abs(v - 3) < 0.11), `ends at ${w}`);
    assertEquals(traces, 1);
  }
});

Deno.test("sgd() with nesterov looks one update ahead", () => {
  // PyTorch 1.13, rate 0.1, momentum 0.9: w -= rate (g + momentum v) with v = momentum v + g.
  const rule = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
  let w = tensor([1]), state = rule.init(w), velocity = 0, expected = 1;
  for (const g of [1, -2, 0.5]) {
    [w, state] = rule.step(w, tensor([g]), state);
    velocity = 0.9 * velocity + g;
    expected -= 0.1 * (g + 0.9 * velocity);
    assertClose(value(w), [expected]);
  }
});

Deno.test("weightDecay is added to the gradients of weights, not of biases", () => {
  const params = { w: tensor([2]), b: tensor([2]), deep: [{ b: tensor([2]) }] };
  const zeros = { w: tensor([0]), b: tensor([0]), deep: [{ b: tensor([0]) }] };
  const rule = sgd({ learningRate: 0.1, weightDecay: 0.5 });
  const [next] = rule.step(params, zeros, rule.init(params));
  assertClose(leaves<Tensor>(next).flatMap(value), [1.9, 2, 2]);
  const all = sgd({ learningRate: 0.1, weightDecay: 0.5, decayMultiplier: (path) => path !== "b" });
  const [other] = all.step(params, zeros, all.init(params));
  assertClose(leaves<Tensor>(other).flatMap(value), [1.9, 2, 1.9]);
});

Deno.test("clipNorm scales all gradients together, before decay", () => {
  const params = { v: tensor([1, 1]), w: tensor([1]) };
  const grads = { v: tensor([3, 0]), w: tensor([4]) };
  const step = (clipNorm: number) => {
    const rule = sgd({ learningRate: 1, clipNorm, weightDecay: 1 });
    return leaves<Tensor>(rule.step(params, grads, rule.init(params))[0]).flatMap(value);
  };
  assertClose(step(0.5), [1 - 0.3 - 1, 0, 1 - 0.4 - 1]);
  assertClose(step(5.1), [1 - 3 - 1, 0, 1 - 4 - 1]);
});

Deno.test("adam() keeps its precision in the first steps, where 1 - 0.999 cancels", () => {
  const rule = adam({ learningRate: 0.1 });
  const { squares } = rule.init(filled([3]));
  assertEquals(value(squares as Tensor), [0, 0, 0]);
  const w = tensor([1, 1]);
  const [next] = rule.step(w, tensor([1e-3, -1e3]), rule.init(w));
  assertClose(value(next), [0.9, 1.1], { relative: 0, absolute: 1e-6 });
});

Deno.test("constantSchedule(), stepSchedule() and multiStepSchedule() change the rate at their steps", () => {
  assertClose([0, 1000].map((s) => at(constantSchedule(0.3), s)), [0.3, 0.3]);
  const half = stepSchedule(0.1, 0.5, 10);
  assertClose([0, 9, 10, 25].map((s) => at(half, s)), [0.1, 0.1, 0.05, 0.025]);
  const caffe = multiStepSchedule(0.01, 0.1, [60, 40, 80]);
  assertClose(
    [0, 39, 40, 59, 60, 80].map((s) => at(caffe, s)),
    [1e-2, 1e-2, 1e-3, 1e-3, 1e-4, 1e-5],
    { relative: 1e-6, absolute: 0 },
  );
});

Deno.test("optimizers and schedules reject invalid options", () => {
  const expected: [() => unknown, string][] = [
    [() => sgd({ learningRate: 0 }), "constantSchedule: expected a learning rate above 0, found 0"],
    [
      () => sgd({ learningRate: 1, momentum: 1 }),
      "sgd: expected momentum of at least 0 and below 1, found 1",
    ],
    [
      () => rmsprop({ learningRate: 1, decay: -1 }),
      "rmsprop: expected decay of at least 0 and below 1, found -1",
    ],
    [() => sgd({ learningRate: 1, clipNorm: 0 }), "sgd: expected clipNorm above 0, found 0"],
    [
      () => multiStepSchedule(1, 0.1, [0.5]),
      "multiStepSchedule: expected steps that are integers of at least 1, found 0.5",
    ],
  ];
  for (const [f, text] of expected) assertEquals(assertThrows(f, RangeError).message, text);
  const rule = sgd({ learningRate: 1 }), w = { w: tensor([1]) };
  assertThrows(
    () => rule.step(w, [tensor([1])] as never, rule.init(w)),
    TypeError,
    "optimizer: expected gradients and states that nest as the parameters do, {w:*}, found [",
  );
});
