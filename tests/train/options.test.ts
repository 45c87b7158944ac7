/**
 * Options of another type than documented are named, with what was expected and what was found.
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as g from "../../mod.ts";
import { tinyNet, tinyParams, tinySplits } from "./fixtures.ts";

const { train, test } = tinySplits(16, 8), net = tinyNet(), params = tinyParams(net);
const good = {
  net,
  params,
  optimizer: g.optim.sgd({ learningRate: 0.1 }),
  train,
  batch: 8,
  epochs: 1,
};

const WRONG: readonly (readonly [over: object, message: string])[] = [
  [
    { loss: "softmax" },
    'expected loss to be a function (outputs, labels) => losses, such as nn.LOSSES.softmax, found "softmax"; did you mean nn.LOSSES.softmax?',
  ],
  [{ loss: "mseloss" }, "did you mean nn.LOSSES.mse?"],
  [
    { train: train.dataset },
    "expected train to be prepared images, as data.prepareMnist(train, test).train, or batches { images, labels }, found a Dataset; data.prepareMnist, data.prepareCifar or data.preparePictures prepares it",
  ],
  [{ test: test.dataset }, "expected test to be prepared images"],
  [{ train: { train, test } }, "found { train, test }; give one of the two"],
  [{ train: Promise.resolve(train) }, "found a Promise; await it"],
  [{ train: "photos/" }, 'found "photos/"'],
  [{ train: undefined }, "batches { images, labels }, found none"],
  [
    { net: [g.nn.relu] },
    "expected net to be a layer or a net, such as sequential(...), found an array; sequential(...layers) makes one of a list",
  ],
  [{ net: g.nn.dense }, "found the function dense"],
  [
    { params: undefined },
    "expected params to be parameters, as net.init(key, x) returns them, found none",
  ],
  [{ params: Promise.resolve(params) }, "found a Promise; await it"],
  [{ optimizer: g.optim.sgd }, "found the function sgd; call it with its options"],
  [
    { optimizer: "adam" },
    'expected optimizer to be an optimizer, such as optim.sgd({ learningRate: 0.1 }), found "adam"',
  ],
  [{ epochs: "3" }, 'expected epochs to be a number, found "3"'],
  [
    { epochs: undefined, epoch: 3 },
    "expected epochs to be a number, found none; did you mean it by epoch?",
  ],
  [{ batch: "8" }, 'expected batch to be a number, found "8"'],
  [{ seed: null }, "expected seed to be a number, found null"],
  [{ augment: 1 }, "expected augment to be true or false, found 1"],
  [{ resident: "yes" }, 'expected resident to be true or false, found "yes"'],
  [
    { signal: new AbortController() },
    "expected signal to be an AbortSignal, found an AbortController; give its signal",
  ],
  [{ checkpoint: "runs/a" }, 'found "runs/a"; did you mean { folder: "runs/a" }?'],
  [{ resume: Promise.resolve({}) }, "found a Promise; await it"],
  [
    { metrics: ["f1"] },
    "expected metrics to be metrics by name, such as { top5: nn.METRICS.top5 }, found an array",
  ],
  [{ classNames: "cat" }, 'expected classNames to be a list of texts, found "cat"'],
  [{ trainable: true }, "expected trainable to be a function (path) => boolean, found true"],
];

const first = (run: unknown, options: unknown) =>
  g.fit(run as g.Runtime, options as typeof good).next();

Deno.test("fit() names an option of another type, what it must be and what it is", async () => {
  await using run = await g.open({ device: "reference" });
  for (const [over, message] of WRONG) {
    const error = await assertRejects(() => first(run, { ...good, ...over }), TypeError);
    assertEquals(error.message.startsWith("fit: "), true, error.message);
    assertEquals(error.message.includes(message), true, `${error.message}\n  lacks ${message}`);
  }
  await assertRejects(
    () => first(good, run),
    TypeError,
    "fit: expected the first argument to be a runtime, as await open() returns it, found an object with net, params, optimizer, train",
  );
  await assertRejects(
    () => first(run, undefined),
    TypeError,
    "fit: expected options { net, params, batch, … }, found undefined",
  );
  await assertRejects(
    () => first(run, { ...good, batch: undefined }),
    RangeError,
    "fit: expected batch to be an integer of at least 1, found undefined",
  );
});

Deno.test("evaluate() does likewise", async () => {
  await using run = await g.open({ device: "reference" });
  const options = { net, params, test };
  const of = (over: object) => g.train.evaluate(run, { ...options, ...over } as typeof options);
  await assertRejects(
    () => of({ test: test.dataset }),
    TypeError,
    "evaluate: expected test to be prepared images",
  );
  await assertRejects(() => of({ loss: "hinge" }), TypeError, "did you mean nn.LOSSES.hinge?");
  await assertRejects(() => of({ params: 3 }), TypeError, "found 3");
});

Deno.test("open() does likewise", async () => {
  const of = (options: unknown) => g.open(options as g.OpenOptions);
  await assertRejects(
    () => of("cpu"),
    TypeError,
    'open: expected options { device: "cpu" }, found "cpu"',
  );
  await assertRejects(
    () => of({ device: 3 }),
    TypeError,
    "open: expected device to be a text, found 3",
  );
  await assertRejects(
    () => of({ threads: "2" }),
    TypeError,
    'open: expected threads to be a number, found "2"',
  );
  await assertRejects(
    () => of({ profile: "yes" }),
    TypeError,
    'open: expected profile to be true or false, found "yes"',
  );
  await assertRejects(
    () => of(null),
    TypeError,
    "open: expected options { device, threads, winograd, … }, found null",
  );
});

Deno.test("lsuv() does likewise", async () => {
  const x = g.normal(g.key(0), [4, 4, 4, 1]);
  const of = (...args: readonly unknown[]) =>
    (g.lsuv as (...args: readonly unknown[]) => unknown)(...args);
  assertThrows(() => of(params, net, x), TypeError, "lsuv: expected net to be a layer or a net");
  assertThrows(
    () => of(net, x, params),
    TypeError,
    "lsuv: expected x to be a tensor, found an array",
  );
  assertThrows(
    () => of(net, params, new Float32Array(64)),
    TypeError,
    "lsuv: expected x to be a tensor, found a Float32Array; tensor(data, shape) makes one",
  );
  assertThrows(
    () => of(net, params, x, { tolerance: "0.1" }),
    TypeError,
    'lsuv: expected tolerance to be a number, found "0.1"',
  );
  assertThrows(
    () => of(net, params, x, 0.1),
    TypeError,
    "lsuv: expected options { preset, tolerance, maxTrials, … }, found 0.1",
  );
  await using run = await g.open({ device: "reference" });
  const batches = (...args: readonly unknown[]) =>
    (g.init.lsuvFromBatches as unknown as (...args: readonly unknown[]) => Promise<unknown>)(
      ...args,
    );
  await assertRejects(
    () => batches(net, params, () => x),
    TypeError,
    "lsuv: expected the first argument to be a runtime",
  );
  await assertRejects(
    () => batches(run, net, params, x),
    TypeError,
    "lsuv: expected nextBatch to be a function () => tensor, found a tensor f32[4, 4, 4, 1]",
  );
});

Deno.test("preparations and batches tell a Dataset from a Prepared", () => {
  assertThrows(
    () => g.data.prepareMnist(train as never, test.dataset),
    TypeError,
    "prepareMnist: expected the data to be a Dataset, { images, labels, … }, found a Prepared; its images are in its field dataset",
  );
  assertThrows(
    () => g.data.testBatches(train.dataset as never, { batch: 4 }),
    TypeError,
    "testBatches: expected the data to be a Prepared, as data.prepareMnist(train, test).train, found a Dataset",
  );
  assertThrows(
    () => g.data.holdOut(undefined as never),
    TypeError,
    "holdOut: expected the data to be a Dataset, { images, labels, … }, found none",
  );
});
