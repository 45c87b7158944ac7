import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { testBatches } from "../../src/data/mod.ts";
import { tensor } from "../../src/tensor.ts";
import { evaluator } from "../../src/train/evaluate.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { forEachDevice } from "../devices.ts";
import { SIZE, tinyNet, tinyParams, tinySplits } from "./fixtures.ts";
import type { Tuple } from "../../src/tuple.ts";

const { test } = tinySplits(2, 21);

forEachDevice("evaluator() counts the same correct predictions as a plain loop", async (run) => {
  const net = tinyNet(), params = tinyParams(net);
  const [only] = testBatches(test, { batch: 21 });
  const logits = net(params, tensor(only!.images, [21, SIZE, SIZE, 1]));
  const [rows] = await run.read([logits]);
  let loss = 0, right = 0;
  only!.labels.forEach((label, i) => {
    const [a, b] = [rows[2 * i], rows[2 * i + 1]] as Tuple<number, 2>;
    loss += Math.log(Math.exp(a) + Math.exp(b)) - rows[2 * i + label]!;
    right += Number((b > a ? 1 : 0) === label);
  });
  const evaluate = evaluator(run, net, LOSSES.softmax, test.dataset);
  for (const batch of [21, 8, 1]) {
    const found = await evaluate(params, testBatches(test, { batch }));
    assertEquals([found.count, found.accuracy], [21, right / 21], `batch ${batch}`);
    assertAlmostEquals(found.loss, loss / 21, 1e-5, `batch ${batch}`);
  }
});

forEachDevice("evaluator() compiles once, and does not change the parameters", async (run) => {
  const net = tinyNet(0.5), params = run.jit(() => tinyParams(net))();
  const evaluate = evaluator(run, net, LOSSES.hinge, test.dataset);
  const first = await evaluate(params, testBatches(test, { batch: 8 }));
  const { plans } = run.memory();
  assertEquals(await evaluate(params, testBatches(test, { batch: 8 })), first);
  // Those of earlier tests may be collected meanwhile.
  assert(run.memory().plans <= plans, `${run.memory().plans} plans instead of ${plans}`);
});

forEachDevice("evaluator() rejects an empty data set", async (run) => {
  const net = tinyNet(), evaluate = evaluator(run, net, LOSSES.softmax, test.dataset);
  await assertRejects(() => evaluate(tinyParams(net), []), RangeError, "at least one image");
});
