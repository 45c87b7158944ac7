/**
 * Evaluations of nets and examples that are not finite: NaN, never an accuracy that looks like one.
 */
import { assert, assertEquals } from "@std/assert";
import {
  accuracy,
  correct,
  dense,
  flatten,
  LOSSES,
  METRICS,
  sequential,
} from "../../src/nn/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { mul } from "../../src/ops/mod.ts";
import { key, normal } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { mapTree } from "../../src/tree.ts";
import { evaluate } from "../../src/train/evaluate_source.ts";
import { evaluator } from "../../src/train/evaluate.ts";
import { forEachDevice } from "../devices.ts";

const COUNT = 7, WIDTH = 3;
const net = sequential(flatten, dense(WIDTH)), numbers = normal(key(1), [COUNT, 2, 2, 1]);
const params = net.init(key(0), numbers);
const classes = Int32Array.from({ length: COUNT }, (_, i) => i % WIDTH);

/** The parameters times a factor. */
const scaled = (factor: number) =>
  mapTree<Tensor, Tensor, typeof params>((w) => mul(w, factor), params);

/** Examples one of whose numbers is another. */
const images = (at: number, value: number) =>
  tensor(
    Float32Array.from({ length: 4 * COUNT }, (_, i) => i === at ? value : i / 9),
    [COUNT, 2, 2, 1],
  );

/** Several labels of each example, one of which is another. */
const several = (at: number, value: number) =>
  tensor(
    Float32Array.from({ length: WIDTH * COUNT }, (_, i) => i === at ? value : i % 2),
    [COUNT, WIDTH],
  );

const batch = (images: Tensor, labels: Int32Array | Tensor) => [{ images, labels }];

async function found(run: Runtime, options: Record<string, unknown>) {
  const all = { net, params, test: batch(numbers, classes), ...options };
  const { loss, accuracy, metrics = {} } = await evaluate(run, all as never);
  return [loss, accuracy, ...Object.values(metrics)];
}

forEachDevice("evaluate() of parameters or examples with NaN is NaN", async (run) => {
  const metrics = { accuracy: METRICS.accuracy, top5: METRICS.top5 }, none = [NaN, NaN, NaN, NaN];
  assertEquals(await found(run, { params: scaled(NaN), metrics }), none);
  for (const at of [0, 13, 4 * COUNT - 1]) {
    assertEquals(await found(run, { test: batch(images(at, NaN), classes), metrics }), none);
  }
  const loss = LOSSES.bce, labels = { metrics: undefined, loss };
  assertEquals(await found(run, { ...labels, test: batch(numbers, several(4, NaN)) }), none);
  assertEquals(await found(run, { ...labels, test: batch(images(5, NaN), several(4, 1)) }), none);
  for (const name of ["hinge", "squaredHinge"] as const) {
    const more = { params: scaled(NaN), loss: LOSSES[name] };
    assertEquals((await found(run, more))[1], NaN, name);
  }
});

forEachDevice(
  "evaluate() of finite numbers, and of infinite logits, has an accuracy",
  async (run) => {
    const metrics = { accuracy: METRICS.accuracy, top5: METRICS.top5 };
    const [, accuracy, again, top5] = await found(run, { metrics });
    assert(accuracy! >= 0 && accuracy! <= 1 && top5 === 1);
    assert(Math.abs(accuracy! - again!) < 1e-6);
    // An infinite logit is the largest one.
    const infinite = tensor([[Infinity, 1, 2], [0, -Infinity, 1]]),
      labels = tensor(Int32Array.of(0, 2));
    assertEquals([...await run.read(correct(infinite, labels))], [2]);
  },
);

forEachDevice("evaluator() leaves out what is behind a batch's count, NaN or not", async (run) => {
  const evaluate = evaluator(run, net, LOSSES.softmax, { height: 2, width: 2, channels: 1 });
  const pixels = Float32Array.from({ length: 16 }, (_, i) => i < 12 ? i / 5 : NaN);
  const batch = (count: number) => [{
    ...{ images: pixels, labels: Int32Array.of(0, 1, 2, 0) },
    ...{ count, epoch: 0, index: 0 },
  }];
  const { accuracy, loss } = await evaluate(params as never, batch(3));
  assert(Number.isFinite(accuracy) && Number.isFinite(loss), `${accuracy}, ${loss}`);
  assertEquals((await evaluate(params as never, batch(4))).accuracy, NaN);
});

forEachDevice("correct() and accuracy() of logits or labels with NaN are NaN", async (run) => {
  const logits = tensor([[2, -1], [NaN, 3]]), fine = tensor([[2, -1], [1, 3]]);
  const labels = tensor(Int32Array.of(0, 1)), soft = tensor([[1, 0], [0, NaN]]);
  const all = [
    correct(logits, labels),
    accuracy(logits, labels),
    correct(fine, soft),
    correct(fine, labels),
    accuracy(fine, labels),
  ];
  const read = await run.read(all) as readonly Data[];
  assertEquals(read.map((x) => x[0]), [NaN, NaN, NaN, 2, 1]);
});
