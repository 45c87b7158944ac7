/**
 * Optimizers with multipliers, schedules, Nesterov's momentum and constraints, on golden paths.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import {
  adagrad,
  adam,
  constantSchedule,
  constrain,
  exponentialSchedule,
  linearSchedule,
  maxNorm,
  multiStepSchedule,
  type Optimizer,
  polySchedule,
  rmsprop,
  type Schedule,
  sgd,
  stepSchedule,
} from "../../src/optim/mod.ts";
import { dense, flatten, LOSSES, sequential } from "../../src/nn/mod.ts";
import { type Key, key, normal } from "../../src/random.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { initialCarry, trainStep } from "../../src/train/mod.ts";
import { leaves, structure } from "../../src/tree.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { goldenOptimizers } from "../golden/read.ts";
import type { GoldenSchedule, OptimizerPath } from "../golden/types.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const at = (schedule: Schedule, step: number): number =>
  value(schedule(tensor(Int32Array.of(step), [])))[0]!;

function scheduleOf(o: GoldenSchedule): Schedule {
  switch (o.kind) {
    case "constant":
      return constantSchedule(o.base);
    case "step":
      return stepSchedule(o.base, o.factor, o.every);
    case "exponential":
      return exponentialSchedule(o.base, o.factor, o.every);
    case "multistep":
      return multiStepSchedule(o.base, o.factor, o.milestones);
    case "poly":
      return polySchedule(o.base, o.power, o.steps);
    case "linear":
      return linearSchedule(o.base, o.to, o.steps, o.start);
  }
}

function optimizerOf(o: OptimizerPath): Optimizer<Params> {
  const all = {
    learningRate: scheduleOf(o.rate),
    weightDecay: o.weightDecay,
    rateMultiplier: (path: string) => o.rates[path] ?? 1,
    decayMultiplier: (path: string) => o.decays[path] ?? 1,
  };
  const rule = o.optimizer === "sgd"
    ? sgd({ ...all, momentum: scheduleOf(o.momentum), nesterov: o.nesterov })
    : rmsprop({ ...all, decay: o.decay, epsilon: o.epsilon! });
  return constrain<Params>(
    rule as Optimizer<Params>,
    maxNorm((path) => o.maxNorm[path] ?? Infinity),
  );
}

const { shapes, start, gradients, cases } = goldenOptimizers();
const tensors = (values: Record<string, number[]>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, tensor(data, shapes[name]!)]),
  ) as Record<string, Tensor>;

for (const path of cases) {
  forEachDevice(`optimizers follow the golden path of ${path.name}`, async (run) => {
    const rule = optimizerOf(path);
    const step = run.jit((p: Record<string, Tensor>, g: Record<string, Tensor>, s: Params) =>
      rule.step(p, g, s)
    );
    let params = tensors(start), state = rule.init(params);
    for (const [i, g] of gradients.entries()) {
      [params, state] = step(params, tensors(g), state);
      const found = await run.read(params) as Record<string, Float32Array>;
      for (const [name, expected] of Object.entries(path.after[i]!)) {
        assertClose(found[name]!, expected, { relative: 3e-6, absolute: 3e-6 }, `${name} ${i}`);
      }
    }
  });
}

const RULES: readonly ((multiplier: (path: string) => number | boolean) => Optimizer)[] = [
  (rateMultiplier) => sgd({ learningRate: 0.1, momentum: 0.9, rateMultiplier, weightDecay: 0.1 }),
  (rateMultiplier) => rmsprop({ learningRate: 0.1, rateMultiplier, weightDecay: 0.1 }),
  (rateMultiplier) => adam({ learningRate: 0.1, rateMultiplier, weightDecay: 0.1 }),
  (rateMultiplier) => adagrad({ learningRate: 0.1, rateMultiplier, weightDecay: 0.1 }),
];

Deno.test("rateMultiplier 0 leaves a parameter and its state untouched, in every optimizer", () => {
  const params = { w: tensor([[2, 3]]), b: tensor([1]) },
    grads = { w: tensor([[1, 1]]), b: tensor([1]) };
  for (const rule of RULES) {
    const optimizer = constrain(rule((path) => path === "b"), maxNorm(1));
    const state = optimizer.init(params), [next, nextState] = optimizer.step(params, grads, state);
    assert(next.w === params.w && next.b !== params.b);
    assertEquals(structure<Tensor>(nextState), structure<Tensor>(state));
    const { step: _, ...before } = state as unknown as Record<string, typeof params> & {
      step: Tensor;
    };
    for (const name of Object.keys(before)) {
      const after = (nextState as unknown as typeof before)[name]!;
      assert(after.w === before[name]!.w && after.b !== before[name]!.b, name);
    }
  }
});

forEachDevice("a training step keeps every bit of what rateMultiplier 0 freezes", async (run) => {
  const net = sequential(flatten, dense(3), dense(2));
  const images = normal(key(1), [4, 2, 2, 1]), labels = tensor([0, 1, 0, 1], [4], "i32");
  const optimizer = constrain(
    sgd({
      ...{ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 },
      rateMultiplier: (path) => !path.startsWith("[1]"),
    }),
    maxNorm(0.1),
  );
  const start = run.jit((key: Key) => net.init(key, images))(key(0));
  const before = await run.read(leaves<Tensor>(start));
  const batches = Array.from({ length: 3 }, (_, i) => (
    { images, labels, first: tensor(Uint32Array.of(i === 0 ? 1 : 0), []) }
  ));
  const step = trainStep({ net, loss: LOSSES.softmax, optimizer });
  let after: readonly unknown[] = [];
  for await (const [carry] of run.fold(step, initialCarry(start, optimizer, key(2)), batches)) {
    after = await run.read(leaves<Tensor>(carry.params));
  }
  const same = before.map((w, i) => w.join() === String(after[i]));
  assertEquals(same, [true, true, false, false]);
});

Deno.test("rateMultiplier scales the step of every optimizer", () => {
  const params = { w: tensor([2]), b: tensor([2]) }, grads = { w: tensor([1]), b: tensor([1]) };
  for (const rule of RULES) {
    const optimizer = rule((path) => path === "b" ? 3 : 1);
    const zero = { w: tensor([0]), b: tensor([0]) };
    const [next] = optimizer.step(zero, grads, optimizer.init(params));
    const [w, b] = leaves<Tensor>(next).map((x) => value(x)[0]!) as [number, number];
    assertClose([b / w], [3], { relative: 1e-6, absolute: 0 });
  }
});

Deno.test("clipNorm counts no gradient of a frozen parameter", () => {
  const params = { v: tensor([1]), w: tensor([1]) }, grads = { v: tensor([1e6]), w: tensor([4]) };
  const rule = sgd({ learningRate: 1, clipNorm: 2, rateMultiplier: (path) => path !== "v" });
  const [next] = rule.step(params, grads, rule.init(params));
  assertClose([...value(next.v), ...value(next.w)], [1, -1]);
});

Deno.test("maxNorm() bounds outputs, pieces apart, and leaves what is within the bounds as it is", () => {
  const w = tensor([[[3, 0.3, 0]], [[4, 0.4, 0]]]), constrained = value(maxNorm(1)(w, "w"));
  assertClose(constrained, [0.6, 0.3, 0, 0.8, 0.4, 0]);
  assertEquals(constrained[1], value(tensor([0.3]))[0]);
  const b = tensor([3, 4]);
  assert(maxNorm(1)(b, "b") === b);
  assert(maxNorm((path) => path === "w" ? Infinity : 1)(w, "w") === w);
});

Deno.test("schedules hold before and after their change", () => {
  const linear = linearSchedule(0.5, 0.65, 250, 1);
  assertClose([0, 1, 126, 251, 9999].map((s) => at(linear, s)), [0.5, 0.5, 0.575, 0.65, 0.65]);
  const poly = polySchedule(0.1, 1, 10);
  assertClose([0, 5, 10, 99].map((s) => at(poly, s)), [0.1, 0.05, 0, 0]);
  assertClose([at(linearSchedule(0, 0, 1), 3)], [0]);
  const decay = exponentialSchedule(2, 0.25, 4);
  assertClose([0, 2, 4, 6].map((s) => at(decay, s)), [2, 1, 0.5, 0.25]);
});

Deno.test("multipliers, norms and schedules reject invalid values", () => {
  const w = tensor([[1]]), step = (rule: Optimizer) => rule.step({ w }, { w }, rule.init({ w }));
  const expected: [() => unknown, string][] = [
    [
      () => step(sgd({ learningRate: 1, rateMultiplier: () => -1 })),
      "sgd: expected rateMultiplier of w of at least 0 and below Infinity, found -1",
    ],
    [
      () => step(adam({ learningRate: 1, weightDecay: 1, decayMultiplier: () => NaN })),
      "adam: expected decayMultiplier of w of at least 0 and below Infinity, found NaN",
    ],
    [() => maxNorm(0), "maxNorm: expected a norm above 0, found 0"],
    [() => maxNorm(() => 0)(w, "w"), "maxNorm: expected a norm above 0 of w, found 0"],
    [
      () => linearSchedule(-1, 1, 10),
      "linearSchedule: expected finite values of at least 0, found -1, 1",
    ],
    [
      () => linearSchedule(0, 1, 10, 0.5),
      "linearSchedule: expected steps that are integers of at least 1, found 10, 0.5",
    ],
    [() => polySchedule(1, 0, 10), "polySchedule: expected a power above 0, found 0"],
    [
      () => exponentialSchedule(1, 0, 10),
      "exponentialSchedule: expected a factor above 0, found 0",
    ],
  ];
  for (const [f, text] of expected) assertEquals(assertThrows(f, RangeError).message, text);
});
