/**
 * The learning-rate range test.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { testBatches } from "../../src/data/mod.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import type { Schedule } from "../../src/optim/mod.ts";
import { evaluator } from "../../src/train/evaluate.ts";
import { rateRange } from "../../src/train/rate_range.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { tinyNet, tinyParams, tinySplits } from "./fixtures.ts";

const { train } = tinySplits(60, 2);
const options = {
  net: tinyNet(),
  params: tinyParams(),
  optimizer: (learningRate: Schedule) => sgd({ learningRate, momentum: 0.9 }),
  ...{ train, batch: 12 },
};

forEachDevice("rateRange() finds a rate at which the loss falls", async (run) => {
  const { points, suggestion, steepest, lowest } = await rateRange(run, {
    ...options,
    ...{ from: 1e-4, to: 1, steps: 60 },
  });
  assertEquals(points.map(({ step }) => step), points.map((_, i) => i));
  assertClose([points[10]!.rate], [1e-4 * 1e4 ** (10 / 59)], { relative: 1e-6, absolute: 0 });
  assert(points.every(({ loss }) => Number.isFinite(loss) && loss >= 0));
  assertClose([suggestion! * 10], [lowest!], { relative: 1e-6, absolute: 0 });
  assertEquals(points.length, 60);
  assert(steepest! <= lowest! && lowest! > 1e-2, `${steepest} ${lowest}`);
});

forEachDevice("rateRange() has the loss of each batch alone", async (run) => {
  // At rates that move nothing, the batches of every epoch have the mean loss of all images.
  const still = { ...options, from: 1e-30, to: 2e-30, steps: 10 };
  const { points } = await rateRange(run, still), losses = points.map(({ loss }) => loss);
  const evaluate = evaluator(run, options.net, LOSSES.softmax, train.dataset);
  const { loss } = await evaluate(options.params, testBatches(train, { batch: 12 }));
  const means = [losses.slice(0, 5), losses.slice(5)].map((each) =>
    each.reduce((sum, x) => sum + x, 0) / 5
  );
  assertClose(means, [loss, loss], { relative: 1e-5, absolute: 0 });
});

forEachDevice("rateRange() says whether its signal ended it", async (run) => {
  const range = { ...options, from: 1e-4, to: 1, steps: 60 }, signal = AbortSignal.abort();
  const { points, stopped } = await rateRange(run, { ...range, signal });
  assertEquals([points, stopped], [[], true]);
  assertEquals((await rateRange(run, { ...range, steps: 10 })).stopped, false);
});

forEachDevice("rateRange() suggests nothing where the loss does not fall", async (run) => {
  const { points, suggestion, lowest } = await rateRange(run, {
    ...options,
    ...{ from: 1e3, to: 1e6, steps: 20 },
  });
  assert(points.length < 20);
  assertEquals([suggestion, lowest], [undefined, undefined]);
});

forEachDevice("rateRange() says what it expected", async (run) => {
  await assertRejects(
    () => rateRange(run, { ...options, from: 1, to: 1 }),
    RangeError,
    "found 1 to 1",
  );
  await assertRejects(
    () => rateRange(run, { ...options, steps: 9 }),
    RangeError,
    "at least 10, found 9",
  );
});
