/**
 * Data sets of more classes than a byte can hold, from the labels' array to losses and checkpoints.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  classCounts,
  type Dataset,
  fingerprint,
  type Labels,
  prepareMnist,
  subset,
  testBatches,
  trainBatches,
} from "../../src/data/mod.ts";
import { dense, flatten, sequential } from "../../src/nn/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { keyData } from "../../src/threefry.ts";
import { placeholder } from "../../src/tensor.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { fit } from "../../src/train/fit.ts";
import { folderOf } from "../data/fixtures.ts";
import { assertClose, forEachDevice, runtimeOf } from "../devices.ts";
import { pause } from "../pause.ts";

const CLASSES = 1000, COUNT = 80;

/** The class of an image: all thousands of them are met, those below 256 by few. */
const classOf = (i: number) => (i * 617 + 383) % CLASSES;

/** Pictures whose three pixels are the digits of their class, so that it can be learnt. */
function digits(Kind: { from(labels: ArrayLike<number>): Labels }): Dataset {
  const all = Array.from({ length: COUNT }, (_, i) => classOf(i));
  const images = Uint8Array.from(
    all.flatMap((c) => [c % 10, Math.floor(c / 10) % 10, Math.floor(c / 100)]),
    (d) => 25 * d,
  );
  return {
    name: "digits",
    images,
    labels: Kind.from(all),
    count: COUNT,
    height: 1,
    width: 3,
    channels: 1,
    classes: CLASSES,
  };
}

const KINDS = { Uint16Array, Uint32Array, Int32Array } as const;

for (const [name, Kind] of Object.entries(KINDS)) {
  Deno.test(`labels in a ${name} keep their values through subsets, batches and counts`, () => {
    const dataset = digits(Kind as never),
      { train, test } = prepareMnist(dataset, subset(dataset, 50));
    const seen = [...trainBatches(train, { batch: 8, key: keyData(1), epoch: 0 })].flatMap((
      b,
    ) => [...b.labels]);
    assertEquals(seen.sort((a, b) => a - b), [...dataset.labels].sort((a, b) => a - b));
    const tested = [...testBatches(test, { batch: 50 })].flatMap(({ labels }) => [...labels]);
    assertEquals(tested, Array.from({ length: 50 }, (_, i) => classOf(i)));
    const counts = classCounts(dataset);
    assertEquals([counts.length, counts[classOf(7)], counts.reduce((a, b) => a + b)], [
      CLASSES,
      1,
      COUNT,
    ]);
    assert(dataset.labels.some((label) => label > 255));
  });
}

Deno.test("fingerprint() depends on the labels' values, not on their array type", async () => {
  const [first, ...others] = await Promise.all(
    Object.values(KINDS).map((Kind) => fingerprint(digits(Kind as never))),
  );
  assertEquals(others, [first, first]);
  const other = digits(Int32Array);
  other.labels[3]! ^= 256;
  assertNotEquals(await fingerprint(other), first);
  const few = { ...digits(Int32Array), labels: new Int32Array(COUNT), classes: 2 };
  assertEquals(
    await fingerprint({ ...few, labels: new Uint8Array(COUNT) }),
    await fingerprint(few),
  );
});

function training(Kind: typeof Uint16Array | typeof Int32Array, over: object = {}) {
  const dataset = digits(Kind as never),
    { train, test } = prepareMnist(dataset, subset(dataset, 30));
  const net = sequential(flatten, dense(12), dense(CLASSES)),
    optimizer = sgd({ learningRate: 0.5, momentum: 0.9 });
  const params = net.init(key(3), placeholder({ shape: [1, 1, 3, 1], dtype: "f32" }));
  return {
    net,
    params,
    optimizer,
    train,
    test,
    batch: 20,
    epochs: 2,
    progressEvery: Infinity,
    ...over,
  };
}

async function numbersOf(
  run: Runtime,
  options: ReturnType<typeof training>,
  slow = false,
): Promise<number[]> {
  const numbers: number[] = [];
  for await (const event of fit(run, options)) {
    if (event.kind !== "epoch") continue;
    numbers.push(event.trainLoss, event.test!.loss, event.trainAccuracy, event.test!.accuracy);
    // Time for the prefetching worker to come up.
    if (slow && event.epoch === 0) await pause(300);
  }
  return numbers;
}

forEachDevice(
  "fit() trains on a thousand classes identically, however batches are loaded",
  async (run) => {
    const expected = await numbersOf(await runtimeOf("reference"), training(Int32Array));
    assert(expected.at(-4)! < expected[0]! && expected[0]! > 5, `losses ${expected}`);
    for (const Kind of [Uint16Array, Int32Array]) {
      for (const over of [{}, { prefetch: true }, { resident: true }]) {
        const found = await numbersOf(run, training(Kind, over), "prefetch" in over);
        assertClose(found, expected, { relative: 1e-3, absolute: 0.02 }, JSON.stringify(over));
      }
    }
  },
);

Deno.test("fit() resumes with a thousand classes from a checkpoint, whatever array holds the labels", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const whole = await numbersOf(run, training(Int32Array)), controller = new AbortController();
  const checkpoint = { folder: at.path, everySteps: 3 };
  for await (
    const event of fit(run, { ...training(Uint16Array), checkpoint, signal: controller.signal })
  ) {
    if (event.kind === "checkpoint") controller.abort();
  }
  const resume = await findCheckpoint(at.path);
  assertEquals(resume.checkpoint?.step, 3);
  assertEquals(await numbersOf(run, training(Int32Array, { checkpoint, resume })), whole);
});
