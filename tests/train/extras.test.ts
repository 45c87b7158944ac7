/**
 * Accumulated gradients, averaged parameters, the best epoch and early stopping, in `fit`.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { avgPool, batchNorm, conv, dense, flatten, sequential, sigmoid } from "../../src/nn/mod.ts";
import { squaredHingeLoss } from "../../src/nn/losses.ts";
import { sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { findBest, outOfPatience } from "../../src/train/best.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { CheckpointError } from "../../src/train/checkpoint/checkpoint.ts";
import type { EndEvent, EpochRecord, FitEvent } from "../../src/train/events.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitOptions } from "../../src/train/fit_options.ts";
import { cutmix, mixup } from "../../src/train/mixing.ts";
import { leaves } from "../../src/tree.ts";
import { folderOf } from "../data/fixtures.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { setting as cutSetting, timeless } from "./checkpoint/interrupted.ts";
import { SIZE, tinyNet, tinyParams, tinySplits } from "./fixtures.ts";

type Weights = ReturnType<typeof tinyParams>;

const { train, test } = tinySplits(60, 20);
const setting = (more: Partial<FitOptions<Weights, Params>> = {}): FitOptions<Weights, Params> => ({
  net: tinyNet(),
  params: tinyParams(),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  ...{ train, test, batch: 12, epochs: 2, progressEvery: Infinity },
  ...more,
});

const readAll = async (run: Runtime, tree: Params): Promise<number[][]> =>
  (await run.read(leaves<Tensor>(tree))).map((data) => [...data]);

/** Epochs without times, each with what was read of its parameters, and the end. */
async function trainAll(run: Runtime, options: FitOptions<Weights, Params>) {
  const epochs: { record: unknown; params: number[][]; averages: number[][]; isBest?: boolean }[] =
    [];
  let end: EndEvent | undefined;
  for await (const event of fit(run, options) as AsyncGenerator<FitEvent<Weights>>) {
    if (event.kind === "epoch") {
      const { params, averages, isBest } = event;
      epochs.push({
        record: timeless(event),
        params: await readAll(run, params),
        averages: averages ? await readAll(run, averages) : [],
        ...(isBest !== undefined && { isBest }),
      });
    } else if (event.kind === "end") end = event;
  }
  return { epochs, end: end! };
}

for (const resident of [false, true]) {
  forEachDevice(
    `fit() in parts comes to what it comes to in whole batches, resident ${resident}`,
    async (run) => {
      const whole = await trainAll(run, setting({ resident }));
      for (const accumulate of [3, 12]) {
        const parts = await trainAll(run, setting({ resident, accumulate }));
        assertEquals(parts.end.step, whole.end.step);
        for (const [i, { params, record }] of parts.epochs.entries()) {
          const expected = whole.epochs[i]!;
          params.forEach((w, k) =>
            assertClose(w, expected.params[k]!, { relative: 1e-4, absolute: 2e-5 }, `${k}`)
          );
          const [found, loss] = [record, expected.record].map((r) => (r as EpochRecord).trainLoss);
          assertClose([found!], [loss!], { relative: 1e-4, absolute: 0 });
        }
      }
    },
  );
}

Deno.test("fit() in parts needs less memory", async () => {
  const net = sequential(conv(32, 3, { padding: 1 }), sigmoid, avgPool(4), flatten, dense(2));
  const params = net.init(key(1), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const bytes = async (accumulate: number) => {
    await using run = await open({ device: "cpu", threads: 1 });
    const { train } = tinySplits(2048, 2);
    const all = { net, params, optimizer: sgd({ learningRate: 0.1 }), train, resident: false };
    for await (const _ of fit(run, { ...all, batch: 1024, epochs: 1, accumulate })) continue;
    return run.memory().bytes;
  };
  const [whole, parts] = [await bytes(1), await bytes(8)];
  assert(parts < 0.6 * whole, `${parts} of ${whole} bytes`);
});

forEachDevice("fit() moves the statistics of batch norm with each part", async (run) => {
  const net = sequential(conv(2, 3), batchNorm(), flatten, dense(2));
  const params = net.init(key(1), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const all = { net, params, optimizer: sgd({ learningRate: 1e-6 }), train, batch: 12, epochs: 1 };
  const means: number[][] = [];
  for (const accumulate of [1, 3]) {
    for await (const event of fit(run, { ...all, accumulate })) {
      if (event.kind === "end") means.push((await readAll(run, event.params)).flat());
    }
  }
  assert(means[1]!.every(Number.isFinite));
  assert(means[0]!.some((value, i) => Math.abs(value - means[1]![i]!) > 1e-3), "moved more often");
});

forEachDevice("fit() averages parameters, and evaluates the averages", async (run) => {
  const options = setting({ batch: 60, epochs: 4 });
  const plain = await trainAll(run, options),
    averaged = await trainAll(run, { ...options, averaging: 0.3 });
  let expected = await readAll(run, options.params);
  for (const [step, { params, averages }] of averaged.epochs.entries()) {
    assertEquals(params, plain.epochs[step]!.params);
    const d = Math.min(0.3, (1 + step) / (10 + step));
    expected = expected.map((all, k) => all.map((a, i) => a + (1 - d) * (params[k]![i]! - a)));
    averages.forEach((a, k) => assertClose(a, expected[k]!, { relative: 1e-5, absolute: 1e-6 }));
  }
  const losses = [plain, averaged].map(({ epochs }) =>
    epochs.map((e) => (e.record as EpochRecord).test!.loss)
  );
  assert(losses[0]!.every((loss, i) => loss !== losses[1]![i]));
  assertEquals(await readAll(run, averaged.end.averages!), averaged.epochs.at(-1)!.averages);
});

/** Epochs of these test losses. */
const epochsOf = (losses: readonly number[]) =>
  losses.map((
    loss,
    epoch,
  ) => ({ epoch, test: { loss, accuracy: 1 - loss, count: 1 } } as EpochRecord));

Deno.test("findBest() takes the first of the best epochs, and outOfPatience() counts from it", () => {
  const at = (losses: readonly number[], more = {}) =>
    findBest(epochsOf(losses), { metric: "loss", ...more });
  assertEquals([at([]), at([3]), at([3, 1, 2]), at([3, 1, 1])], [undefined, 0, 1, 1]);
  assertEquals([at([3, NaN, 2]), at([NaN])], [2, undefined]);
  assertEquals(at([3, 2.95, 2.5], { minDelta: 0.1 }), 2);
  assertEquals(at([3, 2.95, 2.91], { minDelta: 0.1 }), 0);
  const over = (losses: readonly number[]) =>
    outOfPatience(epochsOf(losses), { metric: "loss", patience: 2 });
  assertEquals([[], [1], [1, 2], [1, 2, 2], [1, 2, 0]].map(over), [
    false,
    false,
    false,
    true,
    false,
  ]);
});

forEachDevice(
  "fit() keeps the best epoch's parameters, and ends when none is better",
  async (run) => {
    // The second epoch is the best by this number.
    const metric = ({ epoch }: EpochRecord) => [0, 5, 1, 2, 4, 9][epoch]!;
    const options = setting({ epochs: 6, best: { metric, patience: 3 } });
    const { epochs, end } = await trainAll(run, options);
    assertEquals([end.step, end.stopped, end.outOfPatience], [5 * 5, false, true]);
    assertEquals(epochs.map(({ isBest }) => isBest), [true, true, false, false, false]);
    assertEquals([end.best!.epoch, end.best!.step], [1, 10]);
    assertEquals(await readAll(run, end.best!.params), epochs[1]!.params);
    const rest = await trainAll(run, { ...options, best: { metric } });
    assertEquals([rest.end.step, rest.end.outOfPatience, rest.end.best!.epoch], [30, false, 5]);
  },
);

/** Everything at once, for the tests of what a checkpoint holds. */
const everything = () => ({
  ...cutSetting(),
  batch: 15,
  accumulate: 3,
  averaging: 0.9,
  labelSmoothing: 0.1,
  mixing: mixup(0.4),
  best: { metric: ({ epoch }: EpochRecord) => [1, 3, 2][epoch]!, patience: 2 },
});

async function ended(
  run: Runtime,
  options: ReturnType<typeof everything> & object,
  cut = Infinity,
) {
  for await (const event of fit(run, options as never) as AsyncGenerator<FitEvent>) {
    if (event.kind === "checkpoint" && event.step >= cut) return undefined;
    if (event.kind !== "end") continue;
    const { params, averages, best } = event;
    return {
      weights: await readAll(run, [params, averages!, best!.params]),
      best: timeless(best!),
    };
  }
}

forEachDevice(
  "fit() resumes to the same bits with averages, parts, mixing and a best epoch",
  async (run) => {
    const whole = await ended(run, everything());
    await using at = await folderOf({});
    const checkpoint = { folder: at.path, everySteps: 1 };
    for (const cut of [1, 4, 5, 9, 11]) {
      const resume = await findCheckpoint(at.path);
      await ended(run, { ...everything(), checkpoint, resume } as never, cut);
    }
    const resume = await findCheckpoint(at.path);
    assertEquals(resume.checkpoint!.step, 11);
    assertEquals(await ended(run, { ...everything(), checkpoint, resume } as never), whole);
    const finished = await findCheckpoint(at.path);
    assertEquals(await ended(run, { ...everything(), resume: finished } as never), whole);
  },
);

Deno.test("fit() that ended for want of patience is over when it is resumed", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const metric = ({ epoch }: EpochRecord) => -epoch, best = { metric, patience: 1 };
  const options = setting({ epochs: 5, best, checkpoint: { folder: at.path } });
  const first = await trainAll(run, options);
  const again = await trainAll(run, { ...options, resume: await findCheckpoint(at.path) });
  assertEquals([first.end.step, again.end.step, again.end.outOfPatience], [10, 10, true]);
  assertEquals([again.epochs.length, again.end.best!.epoch], [0, 0]);
});

Deno.test("fit() refuses a checkpoint of other parts, averages or best epochs", async () => {
  await using run = await open({ device: "reference" });
  const options = setting({ epochs: 1 });
  const others: [Partial<FitOptions<Weights, Params>>, string][] = [
    [{ accumulate: 2 }, "parts of a batch: expected 2, found none"],
    [{ averaging: 0.9 }, "averaging of parameters: expected 0.9, found none"],
    [
      { best: { metric: "loss" } },
      "the best epoch: expected by loss, at least 0 better, found none",
    ],
    [{ labelSmoothing: 0.1 }, "what the loss computes, and gradients: expected"],
    [{ mixing: cutmix(1) }, "what the net computes: expected"],
  ];
  for (const [other, text] of others) {
    await using at = await folderOf({});
    await trainAll(run, { ...options, checkpoint: { folder: at.path } });
    const resume = await findCheckpoint(at.path);
    await assertRejects(
      () => trainAll(run, { ...options, ...other, resume }),
      CheckpointError,
      text,
    );
  }
});

Deno.test("fit() says what it expected of these options", async () => {
  await using run = await open({ device: "reference" });
  const cases: [Partial<FitOptions<Weights, Params>>, string][] = [
    [
      { accumulate: 5 },
      "expected accumulate to be an integer that divides the batch of 12, found 5",
    ],
    [{ averaging: 1 }, "expected averaging from 0 to below 1, found 1"],
    [{ labelSmoothing: 1 }, "expected labelSmoothing from 0 to below 1, found 1"],
    [{ best: { patience: 0 } }, "expected best.patience to be an integer of at least 1, found 0"],
    [
      { best: { metric: "f1" as never } },
      "expected best.metric to be accuracy, loss or a function, found f1",
    ],
    [{ labelSmoothing: 0.1, loss: squaredHingeLoss }, "squaredHingeLoss: expected logits"],
  ];
  for (const [options, text] of cases) {
    await assertRejects(() => trainAll(run, setting(options)), RangeError, text);
  }
  const { test: _, ...untested } = setting({ best: {} });
  await assertRejects(
    () => trainAll(run, untested),
    RangeError,
    "expected test images for best.metric accuracy",
  );
  assertThrows(
    () => mixup(0),
    RangeError,
    "mixup: expected alpha above 0 and at most 1000, found 0",
  );
});
