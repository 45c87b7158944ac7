/**
 * Training and evaluation on batches that a program makes.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { trainBatches } from "../../../src/data/mod.ts";
import { dense, embedding, flatten, meanSquaredError, sequential } from "../../../src/nn/mod.ts";
import { sgd } from "../../../src/optim/mod.ts";
import { key, normal } from "../../../src/random.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import { placeholder, tensor } from "../../../src/tensor.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { evaluate } from "../../../src/train/evaluate_source.ts";
import type { FitEvent } from "../../../src/train/events.ts";
import { fit } from "../../../src/train/fit.ts";
import type { FitOptions } from "../../../src/train/fit_options.ts";
import type { StreamedBatch } from "../../../src/train/input/batch_stream.ts";
import { exampleTensors } from "../../../src/train/input/batch_tensors.ts";
import { runKeys } from "../../../src/train/keys.ts";
import { folderOf } from "../../data/fixtures.ts";
import { forEachDevice, hash } from "../../devices.ts";
import { tinyNet, tinyParams, tinySplits } from "../fixtures.ts";

/** A batch of rows of three numbers whose labels are their sums. */
function rows(seed: number, size = 4): StreamedBatch {
  const numbers = Float32Array.from({ length: 3 * size }, (_, i) => hash(i, seed) % 100 / 50 - 1);
  const labels = Array.from(
    { length: size },
    (_, i) => numbers[3 * i]! + numbers[3 * i + 1]! + numbers[3 * i + 2]!,
  );
  return { x: tensor(numbers, [size, 3]), labels };
}

const all = (epoch: number, count = 5) =>
  Array.from({ length: count }, (_, i) => rows(10 * epoch + i));

const linear = dense(1), start = linear.init(key(1), placeholder({ shape: [4, 3], dtype: "f32" }));

/** The options of a regression on streams. */
const regression = (over: object) => ({
  net: linear,
  params: start,
  optimizer: sgd({ learningRate: 0.1, momentum: 0.5 }),
  loss: meanSquaredError,
  epochs: 3,
  progressEvery: Infinity,
  ...over,
} as unknown as FitOptions<typeof start, never>);

async function eventsOf(
  run: Runtime,
  options: FitOptions<never, never> | ReturnType<typeof regression>,
) {
  const events: FitEvent[] = [];
  for await (const event of fit(run, options as ReturnType<typeof regression>)) events.push(event);
  return events;
}

const losses = (events: readonly FitEvent[]) =>
  events.flatMap((event) => event.kind === "epoch" ? [event.trainLoss] : []);

async function* slowly(batches: readonly StreamedBatch[]) {
  for (const batch of batches) {
    await Promise.resolve();
    yield batch;
  }
}

forEachDevice(
  "fit() trains on batches from functions, async generators, arrays and streams alike",
  async (run) => {
    const expected = await eventsOf(run, regression({ train: (epoch: number) => all(epoch) }));
    assertEquals(expected.map(({ kind, step }) => [kind, step]), [
      ["epoch", 5],
      ["epoch", 10],
      ["epoch", 15],
      ["end", 15],
    ]);
    assert(losses(expected)[2]! < losses(expected)[0]! / 4, `${losses(expected)}`);
    const asynchronous = regression({ train: (epoch: number) => slowly(all(epoch)) });
    assertEquals(losses(await eventsOf(run, asynchronous)), losses(expected));
    const stream = {
      name: "sums",
      stepsPerEpoch: 5,
      *batches(epoch: number) {
        for (let i = 0;; i++) yield rows(10 * epoch + i);
      },
    };
    assertEquals(losses(await eventsOf(run, regression({ train: stream }))), losses(expected));
    const same = regression({ train: () => all(0), epochs: 2 });
    assertEquals(
      losses(await eventsOf(run, regression({ train: all(0), epochs: 2 }))),
      losses(await eventsOf(run, same)),
    );
  },
);

Deno.test("a stream of a data set's own batches trains as the data set does, to the same bits", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const { train, test } = tinySplits(40, 21), net = tinyNet(0.1), params = tinyParams(net);
  const optimizer = sgd({ learningRate: 0.05 });
  const options = { net, params, optimizer, train, test, batch: 8, epochs: 2, seed: 4 };
  const expected = await eventsOf(run, options as never);
  const own = (epoch: number) =>
    trainBatches(train, { batch: 8, key: runKeys(4).batches, epoch })
      .map((batch) => exampleTensors(batch, train.dataset) as StreamedBatch);
  for (const over of [{ train: own }, { train: own, batch: 4 }]) {
    const found = await eventsOf(run, { ...options, ...over } as never);
    assertEquals(losses(found), losses(expected));
    const tested = (events: readonly FitEvent[]) =>
      events.flatMap((e) => e.kind === "epoch" ? [e.test!.accuracy, e.test!.count] : []);
    assertEquals(tested(found), tested(expected));
  }
});

Deno.test("fit() says how many steps there are once an epoch of a stream has ended", async () => {
  await using run = await open({ device: "reference" });
  const steps = async (train: unknown) =>
    (await eventsOf(run, regression({ train, progressSteps: 4 })))
      .flatMap((event) => event.kind === "progress" || event.kind === "epoch" ? [event.steps] : []);
  assertEquals(await steps((epoch: number) => all(epoch)), [NaN, NaN, 15, 15, 15, 15]);
  assertEquals(
    await steps({ stepsPerEpoch: 5, batches: (epoch: number) => all(epoch) }),
    Array(6).fill(15),
  );
});

Deno.test("fit() takes batches of different sizes, and weighs examples alike", async () => {
  await using run = await open({ device: "reference" });
  const optimizer = sgd({ learningRate: 1e-30 });
  const uneven = regression({ optimizer, epochs: 1, train: [rows(1, 4), rows(2, 1), rows(3, 2)] });
  const single = [rows(1, 4), rows(2, 1), rows(3, 2)];
  const each = await Promise.all(
    single.map(async (batch) =>
      losses(await eventsOf(run, regression({ optimizer, epochs: 1, train: [batch] })))[0]!
    ),
  );
  const [found] = losses(await eventsOf(run, uneven));
  assert(Math.abs(found! - (4 * each[0]! + each[1]! + 2 * each[2]!) / 7) < 1e-5);
});

Deno.test("fit() trains on any inputs, and on a class for each of their parts", async () => {
  await using run = await open({ device: "reference" });
  const net = sequential(embedding(7, 5), dense(3));
  const batch = (seed: number): StreamedBatch => {
    const tokens = Int32Array.from({ length: 12 }, (_, i) => hash(i, seed) % 7);
    return { x: tensor(tokens, [3, 4]), labels: tensor(tokens.map((t) => t % 3), [3, 4]) };
  };
  const params = net.init(key(0), placeholder({ shape: [3, 4], dtype: "i32" }));
  const train = () => Array.from({ length: 20 }, (_, i) => batch(i));
  const options = {
    net,
    params,
    optimizer: sgd({ learningRate: 1 }),
    train,
    test: [batch(99)],
    epochs: 3,
  };
  const last = (await eventsOf(run, options as never)).findLast((event) => event.kind === "epoch");
  assert(
    last?.kind === "epoch" && last.trainAccuracy > 0.9 && last.trainAccuracy <= 1,
    `${last?.step}`,
  );
  assertEquals([last.test!.accuracy, last.test!.count], [1, 3]);
});

for (const everySteps of [3, 5, 7]) {
  Deno.test(`fit() resumes on streams from step ${everySteps}, to the same bits`, async () => {
    await using run = await open({ device: "cpu", threads: 1 });
    const opened: number[][] = [];
    const sources = {
      function: (epoch: number) => all(epoch),
      stream: {
        name: "sums",
        classNames: ["sum"],
        batches: (epoch: number, from: number) => {
          opened.push([epoch, from]);
          return all(epoch).slice(from);
        },
      },
    };
    for (const [name, train] of Object.entries(sources)) {
      await using at = await folderOf({});
      const whole = losses(await eventsOf(run, regression({ train, test: all(8) })));
      const controller = new AbortController(), checkpoint = { folder: at.path, everySteps };
      const first = regression({ train, test: all(8), checkpoint, signal: controller.signal });
      for await (const event of fit(run, first)) {
        if (event.kind === "checkpoint") controller.abort();
      }
      const resume = await findCheckpoint(at.path);
      assertEquals(resume.checkpoint?.step, everySteps);
      const later = losses(
        await eventsOf(run, regression({ train, test: all(8), checkpoint, resume })),
      );
      assertEquals(later, whole.slice(3 - later.length));
      if (name === "stream") {
        assertEquals(resume.checkpoint?.classNames, ["sum"]);
        assert(
          opened.some(([epoch, from]) =>
            epoch === Math.floor(everySteps / 5) && from === everySteps % 5
          ),
        );
      }
    }
  });
}

Deno.test("a finished run on a stream resumes with more epochs", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const train = (epoch: number) => all(epoch), checkpoint = { folder: at.path };
  const whole = losses(await eventsOf(run, regression({ train })));
  await eventsOf(run, regression({ train, epochs: 2, checkpoint }));
  const resume = await findCheckpoint(at.path);
  const none = await eventsOf(run, regression({ train, epochs: 2, checkpoint, resume }));
  assertEquals(none.map(({ kind }) => kind), ["end"]);
  assertEquals(
    losses(await eventsOf(run, regression({ train, checkpoint, resume }))),
    whole.slice(2),
  );
  await assertRejects(
    () => eventsOf(run, regression({ train, epochs: 1, checkpoint, resume })),
    RangeError,
    "fit: expected epochs of at least the 10 steps taken, found 1 epoch",
  );
});

Deno.test("a stream is closed where a run ends early, and its errors are the run's", async () => {
  await using run = await open({ device: "reference" });
  let closed = 0;
  async function* batches() {
    try {
      for (let i = 0;; i++) {
        await Promise.resolve();
        yield rows(i);
      }
    } finally {
      closed++;
    }
  }
  const controller = new AbortController(), { signal } = controller;
  for await (const { step } of fit(run, regression({ train: batches, signal, progressSteps: 1 }))) {
    if (step === 3) controller.abort();
  }
  assertEquals(closed, 1);
  const failing = function* () {
    yield rows(0);
    throw new Error("the disk is gone");
  };
  await assertRejects(
    () => eventsOf(run, regression({ train: failing })),
    Error,
    "the disk is gone",
  );
});

const WRONG: readonly (readonly [train: unknown, message: string])[] = [
  [[], "fit: expected batches in epoch 1, found none"],
  [
    { batches: () => all(0), stepsPerEpoch: 7 },
    "fit: expected 7 batches in epoch 1, as stepsPerEpoch says, found 5",
  ],
  [[5], "fit: expected batches { images, labels }, images being a tensor [batch, ...], found 5"],
  [[{ labels: [1] }], "found an object with labels"],
  [
    [{ images: new Float32Array(12), labels: [1] }],
    "found a Float32Array; make one by tensor(data, [batch, height, width, channels])",
  ],
  [
    [{ x: normal(key(0), [4, 3]) }],
    "fit: expected batches { images, labels }, found one without labels",
  ],
  [
    [{ x: normal(key(0), [4, 3]), labels: [1, 2, 3] }],
    "fit: expected a label for each of the 4 inputs of a batch, found labels f32[3, 1]",
  ],
];

Deno.test("fit() says what is wrong with a stream", async () => {
  await using run = await open({ device: "reference" });
  for (const [train, message] of WRONG) {
    await assertRejects(() => eventsOf(run, regression({ train })), Error, message);
  }
  const once = slowly(all(0));
  await assertRejects(
    () => eventsOf(run, regression({ train: once })),
    RangeError,
    "fit: expected batches in epoch 2, found none; an iterable that can be read only once, such as a " +
      "generator, serves one epoch: give a function (epoch) => batches instead",
  );
  assertEquals(
    losses(await eventsOf(run, regression({ train: slowly(all(0)), epochs: 1 }))).length,
    1,
  );
});

Deno.test("fit() says which label of a stream is no class of the net", async () => {
  await using run = await open({ device: "reference" });
  const net = sequential(flatten, dense(3)), x = normal(key(0), [2, 4]);
  const params = net.init(key(0), x), optimizer = sgd({ learningRate: 0.1 });
  const train = [{ x, labels: [0, 2] }, { x, labels: [1, 3] }];
  await assertRejects(
    () => eventsOf(run, { net, params, optimizer, train, epochs: 1 } as never),
    RangeError,
    "fit: expected labels from 0 to 2, found 3 at index 1",
  );
});

Deno.test("evaluate() takes batches in every form", async () => {
  await using run = await open({ device: "reference" });
  const options = { net: linear, params: start, loss: meanSquaredError };
  const expected = await evaluate(run, { ...options, test: all(0) });
  assertEquals(expected.count, 20);
  for (const test of [() => all(0), slowly(all(0)), { batches: () => all(0) }]) {
    assertEquals(await evaluate(run, { ...options, test }), expected);
  }
  await assertRejects(
    () => evaluate(run, { ...options, test: [] }),
    RangeError,
    "evaluate: expected at least one image, found none",
  );
});
