/**
 * Numbers and several labels at once as labels: trained, evaluated, resumed, however batches are made.
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Dataset, fingerprint, prepareMnist, testBatches } from "../../src/data/mod.ts";
import {
  binaryCrossEntropy,
  dense,
  flatten,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  METRICS,
  sequential,
  softmaxCrossEntropy,
} from "../../src/nn/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import type { EpochEvent } from "../../src/train/events.ts";
import { fit } from "../../src/train/fit.ts";
import { evaluate } from "../../src/train/evaluate_source.ts";
import { folderOf } from "../data/fixtures.ts";
import { assertClose, forEachDevice, hash, runtimeOf } from "../devices.ts";

const COUNT = 61, OUTPUTS = 3;

/** Images of 3 × 2 pixels, and as labels three numbers or three labels that are functions of the pixels. */
function pictures(kind: "numbers" | "labels" | "probabilities", count = COUNT): Dataset {
  const images = Uint8Array.from({ length: count * 6 }, (_, i) => hash(i, 5) % 256);
  const labels = new Float32Array(count * OUTPUTS);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = images.subarray(6 * i, 6 * i + 3);
    const numbers = [a! + b!, b! - c!, a! - 2 * c!].map((x) => x / 128);
    labels.set(
      kind === "numbers"
        ? numbers
        : kind === "labels"
        ? numbers.map((x) => +(x > 0.5))
        : [0.25, 0.5, 0.25],
      OUTPUTS * i,
    );
  }
  return {
    name: kind,
    images,
    labels,
    count,
    height: 3,
    width: 2,
    channels: 1,
    classes: OUTPUTS,
    classNames: ["sum", "difference", "other"],
  };
}

function training(kind: "numbers" | "labels" | "probabilities", loss: Loss, over: object = {}) {
  const { train, test } = prepareMnist(pictures(kind), pictures(kind, 23));
  const net = sequential(flatten, dense(OUTPUTS)), optimizer = adam({ learningRate: 0.05 });
  const params = net.init(key(3), placeholder({ shape: [1, 3, 2, 1], dtype: "f32" }));
  const settings = { batch: 10, epochs: 25, progressEvery: Infinity };
  return { net, params, optimizer, loss, train, test, ...settings, ...over };
}

async function epochsOf(run: Runtime, options: ReturnType<typeof training>) {
  const epochs: EpochEvent[] = [];
  for await (const event of fit(run, options)) if (event.kind === "epoch") epochs.push(event);
  return epochs;
}

const read = async (
  run: Runtime,
  net: ReturnType<typeof training>["net"],
  params: Params,
  test: Dataset,
) => {
  const [batch] = testBatches(prepareMnist(test, test).test, { batch: test.count });
  const y = net(params as never, tensor(batch!.images, [test.count, 3, 2, 1]));
  return [...await run.read(y) as Float32Array];
};

forEachDevice(
  "fit() learns numbers by MSE and L1, and says R² and the mean absolute error",
  async (run) => {
    for (const loss of [meanSquaredError, meanAbsoluteError]) {
      const options = training("numbers", loss), epochs = await epochsOf(run, options);
      const [first, last] = [epochs[0]!, epochs.at(-1)!];
      assert(last.trainLoss < first.trainLoss / 3 && last.test!.loss < first.test!.loss / 3);
      assert(last.test!.metrics!.rSquared! > 0.85, `R² ${last.test!.metrics!.rSquared}`);
      assert(last.trainMetrics!.meanAbsoluteError! < first.trainMetrics!.meanAbsoluteError!);
      assertEquals([last.trainAccuracy, last.test!.accuracy], [NaN, NaN]);
    }
  },
);

forEachDevice("fit() evaluates numbers as a plain loop does", async (run) => {
  const options = training("numbers", meanSquaredError, { epochs: 1 });
  let outputs: number[] = [], found: EpochEvent | undefined;
  for await (const event of fit(run, options)) {
    if (event.kind !== "epoch") continue;
    outputs = await read(run, options.net, event.params, options.test.dataset);
    found = event;
  }
  const labels = [...options.test.dataset.labels], n = 23;
  const errors = outputs.map((y, i) => y - labels[i]!);
  const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  const each = Array.from({ length: OUTPUTS }, (_, k) => {
    const own = (xs: readonly number[]) => xs.filter((_, i) => i % OUTPUTS === k);
    const center = mean(own(labels)), squares = (xs: number[]) => xs.reduce((a, x) => a + x * x, 0);
    return 1 - squares(own(errors)) / squares(own(labels).map((x) => x - center));
  });
  const { loss, count, metrics } = found!.test!;
  assertClose(
    [loss, count, metrics!.meanAbsoluteError!, metrics!.rSquared!],
    [mean(errors.map((e) => e * e)), n, mean(errors.map(Math.abs)), mean(each)],
    { relative: 1e-4, absolute: 1e-4 },
  );
});

forEachDevice(
  "fit() learns several labels at once by BCE, and says label accuracy and F1",
  async (run) => {
    const options = training("labels", binaryCrossEntropy), { test } = options;
    let found: EpochEvent | undefined, outputs: number[] = [];
    for await (const event of fit(run, options)) {
      if (event.kind !== "epoch" || event.epoch < options.epochs - 1) continue;
      found = event;
      outputs = await read(run, options.net, event.params, test.dataset);
    }
    const labels = [...test.dataset.labels],
      right = outputs.map((y, i) => (y > 0) === (labels[i] === 1));
    const all = Array.from({ length: 23 }, (_, i) => right.slice(3 * i, 3 * i + 3).every(Boolean));
    const hits = outputs.filter((y, i) => y > 0 && labels[i] === 1).length;
    const errors = right.filter((x) => !x).length,
      share = (x: readonly boolean[]) => x.filter(Boolean).length / x.length;
    assertAlmostEquals(found!.test!.accuracy, share(all), 1e-6);
    assertAlmostEquals(found!.test!.metrics!.labelAccuracy!, share(right), 1e-6);
    assertAlmostEquals(found!.test!.metrics!.f1!, 2 * hits / (2 * hits + errors), 1e-6);
    assert(share(right) > 0.85, `${share(right)}`);
  },
);

forEachDevice(
  "fit() gives the same numbers, however batches of numbers are loaded",
  async (run) => {
    const numbers = async (run: Runtime, over: object) =>
      (await epochsOf(run, training("numbers", meanSquaredError, { epochs: 2, ...over })))
        .flatMap(({ trainLoss, test }) => [trainLoss, test!.loss, test!.metrics!.rSquared!]);
    const expected = await numbers(await runtimeOf("reference"), {});
    for (const over of [{}, { prefetch: true }, { resident: true }]) {
      assertClose(await numbers(run, over), expected, { relative: 1e-3, absolute: 1e-3 });
    }
  },
);

Deno.test("fit() takes probabilities of the classes as labels", async () => {
  await using run = await open({ device: "reference" });
  const epochs = await epochsOf(run, training("probabilities", softmaxCrossEntropy));
  const entropy = -(0.5 * Math.log(0.25) + 0.5 * Math.log(0.5));
  assertAlmostEquals(epochs.at(-1)!.test!.loss, entropy, 0.02);
  assert(epochs.at(-1)!.test!.accuracy > 0.9 && epochs[0]!.test!.metrics === undefined);
});

Deno.test("fit() resumes with numbers as labels, to the same bits", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  await using at = await folderOf({});
  const options = (over: object) => training("numbers", meanSquaredError, { epochs: 3, ...over });
  const whole = await epochsOf(run, options({})), controller = new AbortController();
  const checkpoint = { folder: at.path, everySteps: 8 };
  for await (
    const event of fit(
      run,
      options({ checkpoint, signal: controller.signal }) as ReturnType<typeof options>,
    )
  ) {
    if (event.kind === "checkpoint") controller.abort();
  }
  const resume = await findCheckpoint(at.path), { checkpoint: found } = resume;
  assertEquals([found?.step, found?.classNames], [8, ["sum", "difference", "other"]]);
  const later = await epochsOf(run, options({ checkpoint, resume }));
  assertEquals(
    later.map(({ trainLoss, trainMetrics, test }) => [trainLoss, trainMetrics, test]),
    whole.slice(1).map(({ trainLoss, trainMetrics, test }) => [trainLoss, trainMetrics, test]),
  );
});

Deno.test("evaluate() is the evaluation of fit(), with metrics that a caller chooses", async () => {
  await using run = await open({ device: "reference" });
  const options = training("numbers", meanSquaredError, { epochs: 1 });
  for await (const event of fit(run, options)) {
    if (event.kind !== "epoch") continue;
    const { net, loss, test } = options, { params } = event;
    for (const batch of [10, 64]) {
      const found = await evaluate(run, { net, loss, test, params, batch });
      assertClose([found.loss, found.metrics!.rSquared!], [
        event.test!.loss,
        event.test!.metrics!.rSquared!,
      ]);
    }
    const chosen = await evaluate(run, {
      net,
      loss,
      test,
      params,
      metrics: { own: METRICS.meanAbsoluteError },
    });
    assertEquals(Object.keys(chosen.metrics!), ["own"]);
  }
});

Deno.test("top5 counts labels among the five largest logits", async () => {
  await using run = await open({ device: "reference" });
  const logits = tensor([[7, 6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6, 7]]);
  const of = async (
    a: number,
    b: number,
  ) => [...await run.read(METRICS.top5.parts(logits, tensor([a, b], [2], "i32")))];
  assertEquals([await of(4, 2), await of(5, 1)], [[1, 1], [0, 0]]);
});

Deno.test("the fingerprint of a data set follows its numbers", async () => {
  const one = pictures("numbers"), other = pictures("numbers");
  assertEquals(await fingerprint(one), await fingerprint(other));
  other.labels[4]! += 1;
  assert(await fingerprint(one) !== await fingerprint(other));
});

Deno.test("numbers and classes as labels are not mixed", async () => {
  const numbers = pictures("numbers"), classes = { ...numbers, labels: new Uint8Array(COUNT) };
  assertThrows(
    () => prepareMnist(numbers, classes),
    RangeError,
    "expected test images with labels of 3 numbers, found labels that are classes",
  );
  await using run = await open({ device: "reference" });
  const { train } = prepareMnist(classes, classes);
  await assertRejects(
    () => epochsOf(run, training("numbers", meanSquaredError, { train, test: undefined })),
    RangeError,
    "fit: expected labels that are numbers for the loss meanSquaredError, a Float32Array, found classes i32[10]",
  );
});

Deno.test("a metric without parts per example is named", async () => {
  await using run = await open({ device: "reference" });
  const metrics = { odd: { parts: (x: Tensor) => x.rank ? tensor([1]) : x, value: () => 0 } };
  await assertRejects(
    () => epochsOf(run, training("numbers", meanSquaredError, { metrics })),
    RangeError,
    "fit: expected the metric odd to have parts f32[10, count], found f32[1]",
  );
});
