/**
 * Data that does not fit is refused before the first step, by what is wrong and where.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Dataset,
  prepareCifar,
  type Prepared,
  prepareMnist,
  testBatches,
  trainBatches,
} from "../../src/data/mod.ts";
import { conv, dense, flatten, relu, sequential, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { hingeLoss } from "../../src/nn/losses.ts";
import { ops } from "../../mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key, normal } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { keyData } from "../../src/threefry.ts";
import type { Data } from "../../src/host_data.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { evaluator } from "../../src/train/evaluate.ts";
import { fit } from "../../src/train/fit.ts";
import { LOSSES, targetKind } from "../../src/nn/mod.ts";
import { initialCarry, trainStep } from "../../src/train/step.ts";
import { forEachDevice } from "../devices.ts";

/** Gray images of 3 × 3 pixels. */
function pictures(classes: number, count = 24, labels?: Dataset["labels"]): Dataset {
  const images = Uint8Array.from({ length: count * 9 }, (_, i) => (i * 37) % 256);
  return {
    name: "pictures",
    images,
    labels: labels ?? Int32Array.from({ length: count }, (_, i) => (i * 7) % classes),
    count,
    height: 3,
    width: 3,
    channels: 1,
    classes,
  };
}

/** As a caller without a type checker may write it, past what `prepareMnist` checks. */
function raw(over: Readonly<Record<string, unknown>>, classes = 10): Prepared {
  const dataset = pictures(classes), { train } = prepareMnist(dataset, dataset);
  return { ...train, dataset: { ...dataset, ...over } as Dataset };
}

function training(train: Prepared, outputs = train.dataset.classes) {
  const net = sequential(flatten, dense(outputs)), optimizer = sgd({ learningRate: 0.1 });
  const params = net.init(key(0), placeholder({ shape: [1, 3, 3, 1], dtype: "f32" }));
  return { net, params, optimizer, train, batch: 8, epochs: 1, progressEvery: Infinity };
}

const trains = (run: Runtime, options: ReturnType<typeof training>) =>
  Array.fromAsync(fit(run, options));

const bytes = (f: (i: number) => number, length = 24) =>
  Uint8Array.from({ length }, (_, i) => f(i));

/** What is wrong with a data set of ten classes, and what is said of it. */
const WRONG: readonly (readonly [over: Readonly<Record<string, unknown>>, message: string])[] = [
  [{ labels: bytes((i) => i % 10 + 1) }, "expected labels from 0 to 9, found 10 at index 9"],
  [{ labels: bytes((i) => i === 3 ? 10 : 0) }, "expected labels from 0 to 9, found 10 at index 3"],
  [
    { labels: bytes((i) => i === 23 ? 255 : 0) },
    "expected labels from 0 to 9, found 255 at index 23",
  ],
  [{ labels: Int32Array.from({ length: 24 }, (_, i) => i === 5 ? -1 : 0) }, "found -1 at index 5"],
  [
    { labels: Int32Array.from({ length: 24 }, (_, i) => i === 0 ? 300 : 0) },
    "found 300 at index 0",
  ],
  [
    { labels: new Float64Array(24) },
    "expected labels as a Uint8Array, Uint16Array, Uint32Array or Int32Array of classes, or a Float32Array of numbers, found Float64Array",
  ],
  [
    { labels: new Float32Array(24) },
    "expected 240 numbers in its labels, 10 for each image, found 24",
  ],
  [
    { labels: new Float32Array(240).fill(NaN, 7, 8) },
    "expected labels that are finite, found NaN at index 7",
  ],
  [
    { labels: Array.from({ length: 24 }, () => 1) },
    "of classes, or a Float32Array of numbers, found Array",
  ],
  [{ labels: undefined }, "of numbers, found undefined"],
  [{ labels: new BigInt64Array(24) }, "of numbers, found BigInt64Array"],
  [{ labels: new Uint8Array(10) }, "expected 24 labels, one for each image, found 10"],
  [{ labels: new Uint8Array(240) }, "expected 24 labels, one for each image, found 240"],
  [{ labels: new Uint8Array(24), classes: 300 }, "expected labels of 300 classes as a Uint16Array"],
  [
    { images: new Float32Array(216) },
    "expected images as a Uint8Array of bytes, found Float32Array",
  ],
  [{ images: new Uint8Array(200) }, "expected 216 bytes for 24 images of 3 × 3 × 1, found 200"],
  [
    { count: 0, images: new Uint8Array(0), labels: new Uint8Array(0) },
    "found 0; the data set is empty",
  ],
  [{ count: 25 }, "expected 225 bytes for 25 images"],
  [{ classes: 0 }, "expected classes to be an integer of at least 1, found 0"],
  [{ classes: 2.5 }, "expected classes to be an integer of at least 1, found 2.5"],
  [{ channels: 3 }, "expected 648 bytes for 24 images of 3 × 3 × 3, found 216"],
];

Deno.test("fit(), the preparations and the batches refuse a data set that is not one, by what is wrong", async () => {
  await using run = await open({ device: "reference" });
  const good = pictures(10);
  for (const [over, message] of WRONG) {
    const wrong = raw(over), all = training(raw({}));
    const error = await assertRejects(() => trains(run, { ...all, train: wrong }), Error, message);
    assert(error instanceof RangeError || error instanceof TypeError);
    assert(error.message.startsWith("fit: pictures: "), error.message);
    await assertRejects(() => trains(run, { ...all, test: wrong } as never), Error, message);
    for (const prepare of [prepareMnist, prepareCifar]) {
      assertThrows(() => prepare(wrong.dataset, good), Error, message);
      assertThrows(() => prepare(good, wrong.dataset), Error, message);
    }
    const options = { batch: 4, key: keyData(0), epoch: 0 };
    assertThrows(() => trainBatches(wrong, options), Error, message);
    assertThrows(() => testBatches(wrong, options), Error, message);
  }
});

Deno.test("fit() rejects tables whose length differs from the data's", async () => {
  await using run = await open({ device: "reference" });
  const { train } = training(raw({})),
    refused = (over: Partial<Prepared>, message: string) =>
      assertRejects(
        () => trains(run, { ...training(train), train: { ...train, ...over } }),
        RangeError,
        message,
      );
  await refused({ scale: new Float64Array(3) }, "expected 24 numbers in its scale, found 3");
  await refused({ offset: new Float64Array(3) }, "expected 24 numbers in its offset, found 3");
  await refused({ mean: new Float32Array(27) }, "expected 9 numbers in its mean, found 27");
});

Deno.test("fit() rejects a net without one output per class", async () => {
  await using run = await open({ device: "reference" });
  for (const outputs of [1, 5, 9, 11, 100]) {
    let events = 0;
    await assertRejects(
      async () => {
        for await (const _ of fit(run, { ...training(raw({}), outputs), progressEvery: 0 })) {
          events++;
        }
      },
      RangeError,
      `fit: expected a net with 10 outputs, one for each class, found logits f32[8, ${outputs}]`,
    );
    assertEquals(events, 0);
  }
});

Deno.test("fit() rejects images that do not fit the net, and test images of another shape", async () => {
  await using run = await open({ device: "reference" });
  const train = raw({}), wide = sequential(conv(4, 3), relu, flatten, dense(10));
  const params = wide.init(key(0), placeholder({ shape: [1, 8, 8, 1], dtype: "f32" }));
  await assertRejects(
    () => trains(run, { ...training(train), net: wide, params } as never),
    RangeError,
    "dense: ",
  );
  const other = (dataset: Dataset) => prepareMnist(dataset, dataset).test;
  const refused = (test: Prepared, message: string) =>
    assertRejects(() => trains(run, { ...training(train), test } as never), RangeError, message);
  await refused(
    other(pictures(9)),
    "fit: expected test images of 3 × 3 × 1 in 10 classes, found 3 × 3 × 1 in 9",
  );
  const narrow: Dataset = { ...pictures(10), width: 1, images: new Uint8Array(72) };
  await refused(
    other(narrow),
    "expected test images of 3 × 3 × 1 in 10 classes, found 3 × 1 × 1 in 10",
  );
  await assertRejects(() => trains(run, { ...training(train), batch: 25 }), RangeError, "found 25");
});

forEachDevice(
  "losses refuse labels that lie on the host, and are NaN for those on the device",
  async (run) => {
    const logits = normal(key(1), [4, 3]);
    for (
      const [labels, message] of [
        [[0, 1, 3, 2], "expected labels from 0 to 2, found 3 at index 2"],
        [[0, -1, 1, 2], "expected labels from 0 to 2, found -1 at index 1"],
      ] as const
    ) {
      const given = tensor(Int32Array.from(labels));
      for (const loss of [softmaxCrossEntropy, hingeLoss]) {
        assertThrows(() => loss(logits, given), RangeError, message);
        const call = run.jit((x: Tensor, y: Tensor) => ops.mean(loss(x, y)));
        assertEquals([...await run.read(call(logits, given)) as Data], [NaN]);
        const unsigned = tensor(Uint32Array.from(labels));
        assertEquals([...await run.read(call(logits, unsigned)) as Data], [NaN]);
      }
      for (const loss of Object.values(LOSSES)) {
        if (targetKind(loss) !== "classes") continue;
        const call = run.jit((x: Tensor, y: Tensor) => loss(x, y));
        const each = await run.read(call(logits, given)) as Data;
        assertEquals([...each].map(Number.isNaN), labels.map((label) => label < 0 || label > 2));
      }
    }
    const good = run.jit((x: Tensor, y: Tensor) =>
      [softmaxCrossEntropy(x, y), hingeLoss(x, y)] as const
    );
    const found = await run.read(
      good(logits, tensor(Int32Array.of(0, 1, 2, 2))),
    ) as readonly Data[];
    assert(found.every((each) => each.every(Number.isFinite)));
    const float = ops.constant(0, [4]);
    for (const loss of [softmaxCrossEntropy, hingeLoss]) {
      assertThrows(() => loss(logits, float), RangeError, "labels i32[...]");
      assertThrows(
        () => loss(logits, ops.constant(0, [4, 3], "i32")),
        RangeError,
        "labels i32[...]",
      );
    }
  },
);

forEachDevice(
  "trainStep() says at which step a label on the device was no class, and keeps the weights",
  async (run) => {
    const net = sequential(flatten, dense(3)), optimizer = sgd({ learningRate: 0.1 });
    const images = normal(key(1), [4, 2, 2, 1]), params = net.init(key(0), images);
    const step = trainStep({ net, loss: LOSSES.softmax, optimizer });
    const labels = [[0, 1, 2, 0], [2, 2, 1, 1], [0, 1, 3, 0], [1, 1, 1, 1]];
    const batches = labels.map((list, i) => ({
      images,
      labels: tensor(Int32Array.from(list)),
      first: tensor(Uint32Array.of(i === 0 ? 1 : 0), []),
    }));
    const weights: string[] = [];
    let bad: number | undefined;
    for await (const [carry] of run.fold(step, initialCarry(params, optimizer, key(2)), batches)) {
      const { metrics, params } = await run.read(carry) as unknown as {
        metrics: { badStep: Data };
        params: readonly [unknown, { w: Data }];
      };
      weights.push(params[1].w.join());
      [bad] = metrics.badStep;
    }
    assertEquals(bad, 2);
    assert(weights[0] !== weights[1]);
    assertEquals(weights.slice(2), [weights[1], weights[1]]);
  },
);

forEachDevice("evaluator() rejects labels that the net has no output for", async (run) => {
  const net = sequential(flatten, dense(3)), size = { height: 2, width: 2, channels: 1 };
  const evaluate = evaluator(run, net, LOSSES.softmax, size);
  const params = net.init(key(0), { shape: [4, 2, 2, 1], dtype: "f32" });
  const batch = (...labels: number[]) => ({
    images: new Float32Array(16),
    labels: Int32Array.from(labels),
    count: 3,
    epoch: 0,
    index: 0,
  });
  // What stands behind the real images is not looked at.
  assertEquals((await evaluate(params, [batch(0, 1, 2, 77)])).count, 3);
  for (const batches of [[batch(0, 3, 1, 0)], [batch(0, 1, 2, 0), batch(0, 3, 1, 0)]]) {
    await assertRejects(
      () => evaluate(params, batches),
      RangeError,
      "evaluate: expected labels from 0 to 2, found 3 at index 1",
    );
  }
});
