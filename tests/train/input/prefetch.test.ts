/**
 * Training on batches that a worker prefetches.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { sgd } from "../../../src/optim/mod.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { leaves } from "../../../src/tree.ts";
import { DivergedError } from "../../../src/train/diverged_error.ts";
import { fit } from "../../../src/train/fit.ts";
import { countWorkers } from "../../data/loader/workers.ts";
import { forEachDevice } from "../../devices.ts";
import { signalAfterAStep, tinyNet, tinyParams, tinySplits } from "../fixtures.ts";
import { pause } from "../../pause.ts";

const { train, test } = tinySplits(70, 21);

function setting(epochs: number, prefetch: boolean) {
  const net = tinyNet(0.1),
    params = tinyParams(net),
    optimizer = sgd({ learningRate: 0.05, momentum: 0.9 });
  const all = { net, params, optimizer, train, test, batch: 16, epochs, prefetch };
  return { ...all, progressEvery: Infinity };
}

/** Time for a worker to come up. */

/** Every number that a training emits, and the weights that it ends at. */
async function everything(run: Runtime, prefetch: boolean) {
  const emitted: unknown[] = [];
  for await (const event of fit(run, setting(20, prefetch))) {
    if (event.kind === "epoch") {
      const { trainLoss, trainAccuracy, test, epoch } = event;
      emitted.push([trainLoss, trainAccuracy, test]);
      if (epoch === 0 && prefetch) await pause(400);
    } else if (event.kind === "end") emitted.push(await run.read(leaves<Tensor>(event.params)));
  }
  return emitted;
}

forEachDevice("fit() gives the same bits with a worker that prefetches batches", async (run) => {
  const alone = await everything(run, false);
  assertEquals(alone.length, 21);
  assertEquals(await everything(run, true), alone);
});

Deno.test("fit() with a prefetching worker keeps memory constant from step 10 to step 1,000", async () => {
  await using run = await open({ device: "reference" });
  let early: unknown, step = 0;
  for await (const event of fit(run, setting(250, true))) {
    if (event.kind !== "epoch") continue;
    ({ step } = event);
    if (step === 8) await pause(400);
    if (step === 12) early = run.memory();
  }
  assertEquals(step, 1000);
  assertEquals(run.memory(), early);
});

Deno.test("fit() always terminates its worker", async () => {
  await using run = await open({ device: "reference" });
  using workers = countWorkers();
  for await (const { kind } of fit(run, setting(2, true))) assert(kind !== "progress");
  assertEquals([workers.started, workers.ended], [1, 1]);
  for await (const _ of fit(run, setting(9, true))) break;
  assertEquals([workers.started, workers.ended], [2, 2]);
  const signal = signalAfterAStep();
  for await (const { step } of fit(run, { ...setting(9, true), signal })) assertEquals(step, 1);
  assertEquals([workers.started, workers.ended], [3, 3]);
  const broken = { ...train, scale: train.scale.map(() => 1e38) };
  const diverges = () => Array.fromAsync(fit(run, { ...setting(9, true), train: broken }));
  await assertRejects(diverges, DivergedError);
  // The bad step is replayed, by a worker of its own.
  assertEquals([workers.started, workers.ended], [5, 5]);
  const notAugmented = () => Array.fromAsync(fit(run, { ...setting(9, true), augment: true }));
  await assertRejects(notAugmented, RangeError, "expected a source with an augmentation");
  assertEquals([workers.started, workers.ended], [6, 6]);
});
