/**
 * Every optimizer on the path that PyTorch or the formula of its paper takes, and schedules by PyTorch.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import {
  adam,
  addDecayedWeights,
  chain,
  clip,
  clipByGlobalNorm,
  constantSchedule,
  cosineRestartsSchedule,
  cosineSchedule,
  exponentialSchedule,
  freeze,
  joinSchedules,
  linearSchedule,
  masked,
  notBias,
  oneCycleSchedule,
  perParameter,
  rmsprop,
  scale,
  scaleByAdam,
  scaleByLearningRate,
  scaleByRadam,
  scaleByRms,
  scaleBySchedule,
  scaleByTrustRatio,
  type Schedule,
  sgd,
  trace,
  warmupSchedule,
} from "../../src/optim/mod.ts";
import {
  createOptimizer,
  OPTIMIZER_NAMES,
  type OptimizerName,
} from "../../src/optim/optimizers.ts";
import { type Params, type Tensor, tensor } from "../../src/tensor.ts";
import { leaves, structure } from "../../src/tree.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { goldenRules } from "../golden/read.ts";

const { shapes, start, gradients, cases, schedules } = goldenRules();
const tensors = (values: Record<string, number[]>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, tensor(data, shapes[name]!)]),
  ) as Record<string, Tensor>;
const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const at = (schedule: Schedule, step: number): number =>
  value(schedule(tensor(Int32Array.of(step), [])))[0]!;

Deno.test("every optimizer has a golden path", () => {
  const found = new Set(cases.map(({ optimizer }) => optimizer));
  assertEquals(OPTIMIZER_NAMES.filter((name) => !found.has(name)), []);
});

for (const { name, optimizer, options, after } of cases) {
  forEachDevice(`${name} follows its golden path`, async (run) => {
    const rule = createOptimizer(optimizer as OptimizerName, options);
    const step = run.jit((p: Record<string, Tensor>, g: Record<string, Tensor>, s: Params) =>
      rule.step(p, g, s)
    );
    let params = tensors(start), state = rule.init(params);
    for (const [i, g] of gradients.entries()) {
      [params, state] = step(params, tensors(g), state);
      const found = await run.read(params) as Record<string, Float32Array>;
      for (const [path, expected] of Object.entries(after[i]!)) {
        assertClose(
          found[path]!,
          expected,
          { relative: 5e-6, absolute: 5e-6 },
          `${path}, step ${i}`,
        );
      }
    }
  });
}

/** The parameters after some golden steps. */
function path(rule: ReturnType<typeof chain>, steps = 3): number[][] {
  let params = tensors(start), state = rule.init(params);
  for (const g of gradients.slice(0, steps)) [params, state] = rule.step(params, tensors(g), state);
  return leaves<Tensor>(params).map(value);
}

Deno.test("optimizers are chains of public transformations", () => {
  const options = { learningRate: 0.1, weightDecay: 0.1, clipNorm: 1 };
  const first = [clipByGlobalNorm(1), addDecayedWeights(0.1)], rate = scaleByLearningRate(0.1);
  const pairs = [
    [sgd({ ...options, momentum: 0.9 }), chain(...first, rate, trace(0.9))],
    [adam(options), chain(...first, scaleByAdam(), rate)],
    [rmsprop({ ...options, decay: 0.5 }), chain(...first, scaleByRms({ decay: 0.5 }), rate)],
  ] as const;
  for (const [optimizer, links] of pairs) {
    const found = path(links);
    path(optimizer as unknown as ReturnType<typeof chain>).forEach((expected, i) =>
      assertClose(found[i]!, expected, { relative: 1e-12, absolute: 1e-12 })
    );
  }
});

Deno.test("chain() shares a step, names slots apart, and may be a link", () => {
  const inner = chain(trace(0.5), scale(2));
  const rule = chain(trace(0.5), inner, scaleBySchedule((step) => at2(step)));
  const params = { w: tensor([1]), b: tensor([1]) };
  const state = rule.init(params);
  assertEquals(structure(state), "{step:*,velocity:{w:*,b:*},velocity2:{w:*,b:*}}");
  let [next, after] = rule.step(params, { w: tensor([1]), b: tensor([0]) }, state);
  [next, after] = rule.step(next, { w: tensor([1]), b: tensor([0]) }, after);
  // v = 1, 1.5; v2 = 1, 2; the factor is 2 · (step + 1).
  assertEquals(leaves<Tensor>(next).map(value), [[1 - 2 * 1 - 2 * 2 * 2], [1]]);
  assertEquals(value(after.step), [2]);
});

const at2 = (step: Tensor): Tensor =>
  joinSchedules([constantSchedule(1), constantSchedule(2)], [1])(step);

Deno.test("masked() passes what it leaves out, freeze() keeps it, with its slots", () => {
  const params = { w: tensor([1]), b: tensor([1]) }, grads = { w: tensor([4]), b: tensor([4]) };
  const half = chain(masked(scale(0.5), notBias));
  assertEquals(leaves<Tensor>(half.step(params, grads, half.init(params))[0]).map(value), [[-1], [
    -3,
  ]]);
  const frozen = chain(freeze((path) => path === "b"), clipByGlobalNorm(1), trace(0.9));
  const [next, state] = frozen.step(params, grads, frozen.init(params));
  assert(next.b === params.b);
  assertEquals([value(next.w), leaves<Tensor>(state.velocity!).map(value)], [[0], [[1], [0]]]);
});

Deno.test("clip() limits every element; scaleByTrustRatio() leaves zeros alone", () => {
  const rule = chain(clip(1)), w = tensor([0, 0, 0]);
  assertEquals(value(rule.step(w, tensor([3, -0.5, -7]), rule.init(w))[0]), [-1, 0.5, 1]);
  const trust = chain(scaleByTrustRatio()), zero = tensor([0, 0]), one = tensor([1, 0]);
  assertEquals(value(trust.step(zero, tensor([1, 2]), trust.init(zero))[0]), [-1, -2]);
  assertEquals(value(trust.step(one, tensor([0, 0]), trust.init(one))[0]), [1, 0]);
});

Deno.test("perParameter() gives a user's rule the path, the parameter and its slots", () => {
  const seen: string[] = [];
  const count = perParameter({ calls: () => tensor([0]) }, () => ({ path, update, slots }) => {
    seen.push(path);
    return { update, slots: { calls: slots.calls! } };
  });
  const rule = chain(count), params = [{ w: tensor([1]) }];
  rule.step(params, [{ w: tensor([1]) }], rule.init(params));
  assertEquals(seen, ["[0].w"]);
});

Deno.test("scaleByRadam() rectifies as the formula does, in and after its table", () => {
  const beta2 = 0.999, final = 2 / (1 - beta2) - 1, rule = chain(scaleByRadam());
  for (const t of [1, 4, 5, 6, 100, 1023, 1024, 1025, 1026, 5000, 100_000]) {
    const w = tensor([0]), state = { ...rule.init(w), step: tensor([t - 1], [], "i32") };
    const power = beta2 ** t, length = final - 2 * t * power / (1 - power);
    const m = 0.1 / (1 - 0.9 ** t), v = 0.001 / (1 - power);
    const factor = (length - 4) * (length - 2) * final / ((final - 4) * (final - 2) * length);
    const expected = length > 5 ? m * Math.sqrt(factor) / Math.sqrt(v) : m;
    const [next] = rule.step(w, tensor([1]), state);
    assertClose(value(next), [-expected], { relative: 1e-5, absolute: 0 }, `step ${t}`);
  }
});

const COURSES: Readonly<Record<string, Schedule>> = {
  cosine: cosineSchedule(0.5, 10, 0.05),
  restarts: cosineRestartsSchedule(0.5, 4, { factor: 2, end: 0.05 }),
  oneCycle: oneCycleSchedule(0.5, 20),
  warmup: warmupSchedule(constantSchedule(0.5), 5, 0.1),
  exponential: exponentialSchedule(0.5, 0.8, 1),
  joined: joinSchedules([linearSchedule(0.05, 0.5, 4), cosineSchedule(0.5, 8)], [4]),
};

for (const [name, expected] of Object.entries(schedules)) {
  forEachDevice(`the schedule ${name} is PyTorch's`, async (run) => {
    const course = run.jit((step: Tensor) => COURSES[name]!(step));
    for (const [step, rate] of expected.entries()) {
      const [found] = await run.read(course(tensor(Int32Array.of(step), [])));
      assertClose([found!], [rate], { relative: 1e-5, absolute: 1e-7 }, `step ${step}`);
    }
  });
}

Deno.test("schedules stay where they end, restart evenly, and are exact far out", () => {
  assertClose([10, 11, 1e6].map((s) => at(COURSES.cosine!, s)), [0.05, 0.05, 0.05]);
  assertClose([20, 1e6].map((s) => at(COURSES.oneCycle!, s)), [2e-6, 2e-6], {
    relative: 1e-5,
    absolute: 0,
  });
  const even = cosineRestartsSchedule(1, 3);
  assertClose([0, 1, 2, 3, 4, 3e6, 3e6 + 1].map((s) => at(even, s)), [
    1,
    0.75,
    0.25,
    1,
    0.75,
    1,
    0.75,
  ]);
  assertClose([at(oneCycleSchedule(1, 1), 0)], [4e-6], { relative: 1e-5, absolute: 0 });
});

Deno.test("transformations and schedules reject invalid numbers", () => {
  const expected: [() => unknown, string][] = [
    [() => clipByGlobalNorm(0), "clipByGlobalNorm: expected a norm above 0, found 0"],
    [() => clip(-1), "clip: expected a limit above 0, found -1"],
    [() => trace(1), "trace: expected momentum of at least 0 and below 1, found 1"],
    [
      () => addDecayedWeights(-1),
      "addDecayedWeights: expected a coefficient of at least 0 and below Infinity, found -1",
    ],
    [() => cosineSchedule(0, 5), "cosineSchedule: expected a learning rate above 0, found 0"],
    [
      () => cosineRestartsSchedule(1, 5, { factor: 1.5 }),
      "cosineRestartsSchedule: expected steps that are integers of at least 1, found 5, 1.5",
    ],
    [
      () => joinSchedules([constantSchedule(1)], [3]),
      "joinSchedules: expected one boundary fewer than schedules, ascending, found 1 schedules and the boundaries 3",
    ],
    [
      () => warmupSchedule(constantSchedule(1), 0),
      "warmupSchedule: expected steps that are integers of at least 1, found 0",
    ],
  ];
  for (const [f, text] of expected) assertEquals(assertThrows(f, RangeError).message, text);
});
