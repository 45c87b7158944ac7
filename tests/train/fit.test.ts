import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Prepared } from "../../src/data/mod.ts";
import { softmaxCrossEntropy } from "../../src/nn/losses.ts";
import { cast, equal, iota, mul, reshape, sub, sum, where } from "../../src/ops/mod.ts";
import { type Chain, sgd, type SgdState } from "../../src/optim/mod.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import type { Tensor } from "../../src/tensor.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import { DivergedError } from "../../src/train/diverged_error.ts";
import type { EpochEvent, FitEvent } from "../../src/train/events.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitOptions } from "../../src/train/fit_options.ts";
import { forEachDevice } from "../devices.ts";
import { tinyNet, tinyParams, tinySplits } from "./fixtures.ts";

const { train, test } = tinySplits(70, 21);

function setting(rate = 0.05, over: Partial<FitOptions<never, never>> = {}) {
  const net = tinyNet(0.1),
    params = tinyParams(net),
    optimizer = sgd({ learningRate: rate, momentum: 0.9 });
  return { net, params, optimizer, train, test, batch: 16, epochs: 3, ...over };
}

async function collectEvents(
  run: Runtime,
  options: ReturnType<typeof setting>,
): Promise<FitEvent[]> {
  const events: FitEvent[] = [];
  for await (const event of fit(run, options)) events.push(event);
  return events;
}

const epochsOf = (events: readonly FitEvent[]) =>
  events.filter((event): event is EpochEvent => event.kind === "epoch");

forEachDevice("fit() lowers the loss and raises the accuracy", async (run) => {
  const events = await collectEvents(run, setting()), epochs = epochsOf(events);
  assertEquals(epochs.map(({ epoch, step, steps }) => [epoch, step, steps]), [
    [0, 4, 12],
    [1, 8, 12],
    [2, 12, 12],
  ]);
  assert(epochs[2]!.trainLoss < epochs[0]!.trainLoss);
  assert(epochs[2]!.test!.loss < epochs[0]!.test!.loss);
  assert(epochs[2]!.test!.accuracy > 0.9, `accuracy ${epochs[2]!.test!.accuracy}`);
  assert(epochs.every(({ seconds, imagesPerSecond }) => seconds > 0 && imagesPerSecond > 0));
  const end = events.at(-1)!;
  assert(end.kind === "end" && !end.stopped && end.step === 12);
  const params = await run.read(leaves<Tensor>(end.params));
  assert(params.every((data) => data.every(Number.isFinite)));
});

forEachDevice(
  "fit() gives the same losses for the same seed, and others for another",
  async (run) => {
    const losses = async (seed: number) =>
      epochsOf(await collectEvents(run, setting(0.05, { seed }))).map(({ trainLoss, test }) => [
        trainLoss,
        test!.loss,
      ]);
    const first = await losses(5);
    assertEquals(await losses(5), first);
    assert((await losses(6))[0]![0] !== first[0]![0]);
  },
);

forEachDevice(
  "fit() keeps buffers, bytes and plans constant from step 10 to step 1,000",
  async (shared) => {
    await using run = await open({ device: shared.device as "reference" | "webgpu" });
    const few = tinySplits(16, 5);
    const options = { ...setting(), ...few, batch: 8, epochs: 500, progressEvery: 0 };
    let early: unknown, step = 0;
    for await (const event of fit(run, options)) {
      ({ step } = event);
      if (step === 10 && event.kind === "epoch") early = run.memory();
    }
    assertEquals(step, 1000);
    assertEquals(run.memory(), early);
  },
);

/** Training images too bright for a loss to be finite. */
const explosive: Prepared = { ...train, scale: train.scale.map(() => 1e38) };

forEachDevice(
  "fit() stops on a loss that is not finite, and keeps the last good weights",
  async (run) => {
    const options = setting(0.05, { train: explosive });
    const error = await assertRejects(() => collectEvents(run, options), DivergedError);
    assertEquals([error.step, error.epoch], [0, 0]);
    assertEquals(
      error.message,
      "fit: step 1 (epoch 1, batch 1): the batch's images are not finite: 256 of 256 values are infinite. " +
        "The initial weights are kept; a smaller learning rate or clipped gradients may help",
    );
    const found = await run.read(leaves<Tensor>(error.params));
    const expected = await run.read(leaves<Tensor>(options.params));
    assertEquals(found, expected);
  },
);

/** SGD, but after step 5 every parameter is as large as can be. */
function fatal() {
  const rule = sgd({ learningRate: 0.05 }), { step } = rule;
  const broken: Chain<SgdState> = {
    ...rule,
    step: (params, grads, state) => {
      const [next, after] = step(params, grads, state);
      const large = leaves<Tensor>(next).map((w) => where(equal(state.step, 5), 3.4e38, w));
      return [unflatten(next, large) as unknown as typeof next, after];
    },
  };
  return broken;
}

forEachDevice("fit() names the step at which a training diverges", async (run) => {
  for (const progressEvery of [0, Infinity]) {
    const options = { ...setting(), optimizer: fatal(), progressEvery };
    const error = await assertRejects(() => collectEvents(run, options), DivergedError);
    assertEquals([error.step, error.epoch, error.batch, error.keptStep], [5, 1, 1, 5]);
    assertEquals(error.found?.what, "update");
  }
});

forEachDevice("fit() ends after the current step when its signal is aborted", async (run) => {
  const controller = new AbortController();
  const options = { ...setting(), progressEvery: 0, signal: controller.signal };
  let end: FitEvent | undefined;
  for await (const event of fit(run, options)) {
    if (event.kind === "progress" && event.step === 6) controller.abort();
    end = event;
  }
  assert(end?.kind === "end" && end.stopped && end.step === 6);
  assertEquals((await run.read(leaves<Tensor>(end.params))).length, 4);
});

forEachDevice("fit() takes no step when its signal is aborted by then", async (run) => {
  const options = { ...setting(), signal: AbortSignal.abort() };
  const events = await collectEvents(run, options), [end] = events;
  assertEquals(events.length, 1);
  assert(end?.kind === "end" && end.stopped && end.step === 0);
  assertEquals(
    await run.read(leaves<Tensor>(end.params)),
    await run.read(leaves<Tensor>(options.params)),
  );
});

forEachDevice("fit() emits no progress unless asked to", async (run) => {
  const events = await collectEvents(run, setting(0.05, { progressEvery: Infinity, epochs: 1 }));
  assertEquals(events.map(({ kind }) => kind), ["epoch", "end"]);
});

forEachDevice("fit() emits progress after every so many steps, whatever the time", async (run) => {
  const options = setting(0.05, { progressEvery: Infinity, progressSteps: 3, epochs: 2 });
  const events = await collectEvents(run, options);
  assertEquals(events.map(({ kind, step }) => [kind, step]), [
    ["progress", 3],
    ["epoch", 4],
    ["progress", 6],
    ["epoch", 8],
    ["end", 8],
  ]);
  const losses = epochsOf(events).map(({ trainLoss }) => trainLoss);
  const alone = await collectEvents(run, setting(0.05, { epochs: 2 }));
  assertEquals(losses, epochsOf(alone).map(({ trainLoss }) => trainLoss));
  await assertRejects(
    () => collectEvents(run, setting(0.05, { progressSteps: 1.5 })),
    RangeError,
    "expected progressSteps to be an integer of at least 1, found 1.5",
  );
});

forEachDevice("fit() rejects sizes that do not fit", async (run) => {
  await assertRejects(
    () => collectEvents(run, setting(0.05, { epochs: 0 })),
    RangeError,
    "expected epochs to be an integer of at least 1, found 0",
  );
  await assertRejects(
    () => collectEvents(run, setting(0.05, { batch: 71 })),
    RangeError,
    "found 71",
  );
});

/** A loss of the caller's own: the squared distance of the logits from the label's unit vector. */
function ownLoss(logits: Tensor, labels: Tensor): Tensor {
  const target = cast(equal(reshape(labels, [labels.size, 1]), iota(logits.shape[1]!)), "f32");
  const difference = sub(logits, target);
  return sum(mul(difference, difference), 1);
}

forEachDevice("fit() trains and evaluates with any per-example loss", async (run) => {
  const epochs = epochsOf(await collectEvents(run, setting(0.05, { loss: ownLoss })));
  assert(epochs[2]!.trainLoss < epochs[0]!.trainLoss / 2);
  assert(epochs[2]!.test!.loss < epochs[0]!.test!.loss);
  assert(epochs[2]!.test!.accuracy > 0.9, `accuracy ${epochs[2]!.test!.accuracy}`);
});

forEachDevice("fit() uses softmaxCrossEntropy where no loss is given", async (run) => {
  const losses = async (over: Partial<FitOptions<never, never>>) =>
    epochsOf(await collectEvents(run, setting(0.05, over)))
      .map(({ trainLoss, test }) => [trainLoss, test!.loss]);
  assertEquals(await losses({}), await losses({ loss: softmaxCrossEntropy }));
});
