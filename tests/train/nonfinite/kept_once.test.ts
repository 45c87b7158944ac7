/**
 * Trainings of nets that are too large to be kept twice: where they diverge, the parameters of the last good
 * checkpoint are left, or the initial ones.
 */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { dense, flatten, sequential } from "../../../src/nn/mod.ts";
import { type Optimizer, sgd } from "../../../src/optim/mod.ts";
import { key } from "../../../src/random.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import { type Params, type Tensor, tensor } from "../../../src/tensor.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { DivergedError } from "../../../src/train/diverged_error.ts";
import { fit } from "../../../src/train/fit.ts";
import type { FitOptions } from "../../../src/train/fit_options.ts";
import { nonFinitePolicy } from "../../../src/train/nonfinite/policy.ts";
import type { StreamedBatch } from "../../../src/train/input/batch_stream.ts";
import { leaves } from "../../../src/tree.ts";
import { folderOf } from "../../data/fixtures.ts";
import { forEachDevice, hash } from "../../devices.ts";
import { SIZE } from "../fixtures.ts";

type Options = FitOptions<Params, Params>;

const net = sequential(flatten, dense(2));
const params = net.init(key(3), { shape: [1, SIZE, SIZE, 1], dtype: "f32" });

/** A batch of 4 whose pixels are multiplied. */
const batch = (seed: number, factor = 1): StreamedBatch => ({
  images: tensor(
    Float32Array.from({ length: 4 * SIZE * SIZE }, (_, i) => factor * (hash(i, seed) % 97 / 97)),
    [4, SIZE, SIZE, 1],
  ),
  labels: [0, 1, 1, 0],
});

const good = [1, 2, 3, 4].map((seed) => batch(seed));
/** A batch whose loss is NaN; and one whose update is not finite, and so is none of its gradients. */
const bad = batch(5, NaN), far = batch(6, 1e18);

const POLICY = { action: "stop", keepBytes: 0 } as const;

const optionsOf = (train: readonly StreamedBatch[], more: Partial<Options> = {}): Options => ({
  ...{ net, params, train, epochs: 1, progressEvery: Infinity, onNonFinite: POLICY },
  ...{ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }) },
  ...more,
} as unknown as Options);

const readAll = async (run: Runtime, params: unknown) =>
  await run.read(leaves<Tensor>(params as Params)) as unknown;

/** The parameters, and their averages, after training on batches. */
async function after(run: Runtime, train: readonly StreamedBatch[], more: Partial<Options> = {}) {
  for await (const event of fit(run, optionsOf(train, more))) {
    if (event.kind === "end") {
      return await readAll(run, [event.params, event.averages ?? []]);
    }
  }
}

/** How a training diverges, and what it leaves. */
async function diverged(run: Runtime, options: Options) {
  const error = await assertRejects(async () => {
    for await (const _ of fit(run, options)) continue;
  }, DivergedError);
  const { step, keptStep, found, params, averages } = error;
  const left = await readAll(run, [params, averages ?? []]);
  return { error, step, keptStep, what: found?.what, left };
}

forEachDevice("fit() that keeps nothing twice leaves the initial parameters", async (run) => {
  for (const averaging of [undefined, 0.9]) {
    const more = averaging === undefined ? {} : { averaging };
    const { error, step, keptStep, what, left } = await diverged(
      run,
      optionsOf([...good, bad], more),
    );
    assertEquals([step, keptStep, what], [4, 0, "images"]);
    assertStringIncludes(error.message, "The initial weights are kept");
    assertEquals(left, await readAll(run, [params, averaging === undefined ? [] : params]));
  }
});

forEachDevice("fit() that keeps nothing twice leaves the last checkpoint's", async (run) => {
  for (const averaging of [undefined, 0.9]) {
    const more = averaging === undefined ? {} : { averaging };
    await using at = await folderOf({});
    const checkpoint = { folder: at.path, everySteps: 2 };
    const all = optionsOf([...good.slice(0, 3), bad], { ...more, checkpoint });
    const { keptStep, left } = await diverged(run, all);
    assertEquals(keptStep, 2);
    assertEquals(left, await after(run, good.slice(0, 2), more));
  }
});

forEachDevice("a checkpoint whose own loss is not finite is not the last good one", async (run) => {
  await using at = await folderOf({});
  const checkpoint = { folder: at.path, everySteps: 2 };
  // The loss of the parameters after four steps, which the newest checkpoint has, is not finite.
  const all = optionsOf([...good, bad], { checkpoint });
  const { step, keptStep, left } = await diverged(run, all);
  assertEquals([step, (await findCheckpoint(at.path)).checkpoint!.step, keptStep], [4, 4, 2]);
  assertEquals(left, await after(run, good.slice(0, 2)));
  // Nor is it that where the run has resumed from it.
  const resume = await findCheckpoint(at.path),
    { message } = (await diverged(
      run,
      optionsOf([...good, bad], { checkpoint, resume }),
    )).error;
  assertStringIncludes(message, "The weights of step 2 are kept");
});

forEachDevice("fit() that keeps nothing twice has those before a bad update", async (run) => {
  const optimizer = sgd({ learningRate: 3e38, momentum: 0 }) as unknown as Optimizer<Params>;
  const { step, keptStep, left, error } = await diverged(run, optionsOf([far], { optimizer }));
  assertEquals([step, keptStep], [0, 0], error.message);
  assertEquals(left, await readAll(run, [params, []]));
});

forEachDevice("fit() that skips, and keeps nothing twice, skips to the same bits", async (run) => {
  const onNonFinite = { action: "skip", keepBytes: 0 } as const;
  const [a, b] = good as [StreamedBatch, StreamedBatch];
  const skipped = await after(run, [a, bad, b, bad], { onNonFinite });
  assertEquals(skipped, await after(run, [a, b]));
  const limited = { onNonFinite: { ...onNonFinite, limit: 1 } };
  const { step, keptStep } = await diverged(run, optionsOf([a, bad, bad], limited));
  assertEquals([step, keptStep], [2, 0]);
});

Deno.test("fit() refuses bytes to keep that are none", () => {
  for (const keepBytes of [-1, NaN]) {
    assertThrows(
      () => nonFinitePolicy({ action: "stop", keepBytes }),
      RangeError,
      `fit: expected onNonFinite.keepBytes of at least 0, found ${keepBytes}`,
    );
  }
});
