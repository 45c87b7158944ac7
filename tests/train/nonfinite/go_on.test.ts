/**
 * Trainings that go on where numbers are not finite: steps are skipped, or the learning rate is lowered.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { batchNorm, conv, dense, dropout, flatten, sequential } from "../../../src/nn/mod.ts";
import type { Layer } from "../../../src/nn/mod.ts";
import { multiStepSchedule, type Optimizer, sgd } from "../../../src/optim/mod.ts";
import { key } from "../../../src/random.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../../src/tensor.ts";
import { CheckpointError } from "../../../src/train/checkpoint/checkpoint.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { DivergedError } from "../../../src/train/diverged_error.ts";
import type { EpochEvent } from "../../../src/train/events.ts";
import { fit } from "../../../src/train/fit.ts";
import type { FitOptions } from "../../../src/train/fit_options.ts";
import type { StreamedBatch } from "../../../src/train/input/batch_stream.ts";
import { leaves } from "../../../src/tree.ts";
import { folderOf } from "../../data/fixtures.ts";
import { assertClose, forEachDevice, hash } from "../../devices.ts";
import { SIZE, tinySplits } from "../fixtures.ts";

type Options = FitOptions<Params, Params>;

const rule = (learningRate: number, momentum = 0.9) =>
  sgd({ learningRate, momentum }) as unknown as Optimizer<Params>;

const net = sequential(conv(3, 3), batchNorm(), flatten, dense(2)) as unknown as Layer;
const params = net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));

/** A batch of 8; some numbers of a bad one are NaN. */
const batch = (seed: number, bad = false): StreamedBatch => ({
  images: tensor(
    Float32Array.from(
      { length: 8 * SIZE * SIZE },
      (_, i) => bad && i === 9 ? NaN : hash(i, seed) % 97 / 97,
    ),
    [8, SIZE, SIZE, 1],
  ),
  labels: [0, 1, 0, 1, 1, 0, 1, 0],
});

/** Trains on batches, and returns what is left. */
async function outcome(run: Runtime, more: Partial<Options>) {
  const options = { net, params, optimizer: rule(0.05), epochs: 1, progressEvery: Infinity };
  const epochs: Partial<EpochEvent>[] = [], read: unknown[] = [];
  for await (const event of fit(run, { ...options, ...more } as Options)) {
    if (event.kind === "epoch") {
      const { step, trainLoss, skippedSteps, rateFactor } = event;
      epochs.push({
        step,
        trainLoss,
        ...(skippedSteps !== undefined && { skippedSteps }),
        ...(rateFactor && { rateFactor }),
      });
    } else if (event.kind === "end") {
      read.push(await run.read(leaves<Tensor>([event.params, event.averages ?? []] as Params)));
    }
  }
  return { epochs, weights: read[0] as readonly Float32Array[] };
}

const [a, b, c] = [1, 2, 3].map((seed) => batch(seed)) as [
  StreamedBatch,
  StreamedBatch,
  StreamedBatch,
];
const bad = batch(4, true);

forEachDevice(
  "fit() that skips has the bits of a training without the bad batches",
  async (run) => {
    for (const more of [{}, { accumulate: 2, averaging: 0 }]) {
      const without = await outcome(run, { train: [a, b, c], ...more });
      const skipped = await outcome(run, {
        train: [a, bad, b, bad, bad, c],
        onNonFinite: "skip",
        ...more,
      });
      assertEquals(skipped.weights, without.weights);
      const [{ trainLoss }] = without.epochs as [EpochEvent];
      assertEquals(skipped.epochs, [{ step: 6, trainLoss, skippedSteps: 3 }]);
    }
  },
);

forEachDevice("fit() that skips ends after too many skipped steps in a row", async (run) => {
  const policy = { action: "skip", limit: 2 } as const;
  const fine = await outcome(run, { train: [a, bad, bad, b, bad, bad, c], onNonFinite: policy });
  assertEquals(fine.epochs[0]!.skippedSteps, 4);
  const work = () =>
    outcome(run, { train: [a, bad, bad, b, bad, bad, bad, c], onNonFinite: policy });
  const error = await assertRejects(work, DivergedError);
  assertEquals([error.step, error.keptStep], [6, 3]);
  assertStringIncludes(
    error.message,
    "step 7 (epoch 1, batch 7), after 2 skipped steps in a row: the batch's images are not finite",
  );
});

forEachDevice(
  "fit() that lowers the rate goes back, and steps by a part of the update",
  async (run) => {
    const plain = { optimizer: rule(0.05, 0) };
    const lowered = await outcome(run, { train: [a, bad, b], onNonFinite: "lower-rate", ...plain });
    assertEquals(lowered.epochs[0]!.rateFactor, 0.5);
    assertEquals(lowered.epochs[0]!.skippedSteps, 1);
    // The update by the first batch is taken back, too: its parameters may be what is bad.
    const half = await outcome(run, { train: [b], optimizer: rule(0.025, 0) });
    lowered.weights.forEach((w, i) =>
      assertClose([...w], [...half.weights[i]!], { relative: 1e-5, absolute: 1e-6 })
    );
    const policy = { action: "lower-rate", factor: 0.25, limit: 1 } as const;
    const once = await outcome(run, { train: [a, bad, b, c], onNonFinite: policy, ...plain });
    assertEquals(once.epochs[0]!.rateFactor, 0.25);
    const work = () => outcome(run, { train: [a, bad, b, bad], onNonFinite: policy, ...plain });
    const error = await assertRejects(work, DivergedError);
    assertStringIncludes(error.message, "after the learning rate was lowered once");
  },
);

Deno.test("fit() that lowers the rate trains where it is far too high", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const { train } = tinySplits(64, 8), all = { train, batch: 8, epochs: 6 };
  const linear = sequential(conv(3, 3), flatten, dense(2)) as unknown as Layer;
  const start = linear.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const high = { ...all, net: linear, params: start, optimizer: rule(3e13, 0) };
  await assertRejects(() => outcome(run, high), DivergedError);
  const policy = { action: "lower-rate", factor: 1e-3, limit: 10 } as const;
  const { epochs } = await outcome(run, { ...high, onNonFinite: policy });
  assert(epochs.at(-1)!.rateFactor! < 1 && Number.isFinite(epochs.at(-1)!.trainLoss!));
});

forEachDevice("fit() that goes on resumes to the same bits from any step", async (run) => {
  const net = sequential(
    conv(3, 3),
    batchNorm(),
    flatten,
    dropout(0.3),
    dense(2),
  ) as unknown as Layer;
  const start = net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));
  const optimizer = sgd({ learningRate: multiStepSchedule(0.05, 0.5, [3]), momentum: 0.9 });
  for (const onNonFinite of ["skip", "lower-rate"] as const) {
    const all = {
      ...{ net, params: start, optimizer: optimizer as unknown as Optimizer<Params>, onNonFinite },
      ...{ train: [a, bad, b, bad, c], epochs: 2, averaging: 0.9 },
    };
    const whole = await outcome(run, all);
    for (const cut of run.device === "cpu" ? [1, 2, 3, 4, 7, 9] : [2, 4]) {
      await using at = await folderOf({});
      const checkpoint = { folder: at.path, everySteps: 1 };
      for await (const event of fit(run, { ...all, checkpoint, progressEvery: Infinity })) {
        if (event.kind === "checkpoint" && event.step === cut) break;
      }
      const resume = await findCheckpoint(at.path);
      const rest = await outcome(run, { ...all, checkpoint, resume });
      assertEquals(rest.weights, whole.weights, `${onNonFinite}, cut at ${cut}`);
      assertEquals(rest.epochs.at(-1), whole.epochs.at(-1));
    }
  }
});

Deno.test("fit() resumes a diverged training with another rate, if told so", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  await using at = await folderOf({});
  const { train } = tinySplits(64, 8);
  const high = multiStepSchedule(0.01, 1e20, [6]), checkpoint = { folder: at.path, everySteps: 1 };
  const all = { train, batch: 8, epochs: 3, checkpoint };
  const fatal = {
    ...all,
    optimizer: sgd({ learningRate: high, momentum: 0.9 }) as unknown as Optimizer<Params>,
  };
  const error = await assertRejects(() => outcome(run, fatal), DivergedError);
  assert(error.step >= 6 && error.step <= 8, error.message);
  const resume = await findCheckpoint(at.path);
  assert(resume.checkpoint!.step > error.keptStep, "the checkpoint's own parameters are not good");
  const optimizer = sgd({ learningRate: multiStepSchedule(0.01, 0.5, [6]), momentum: 0.9 });
  const lower = { ...all, optimizer: optimizer as unknown as Optimizer<Params>, resume };
  await assertRejects(() => outcome(run, lower), CheckpointError, "by its rule and rates");
  const found = await outcome(run, { ...lower, newOptimizer: true });
  assert(found.epochs.length > 0 && found.weights.every((w) => w.every(Number.isFinite)));
});

Deno.test("fit() says what it expected of onNonFinite", async () => {
  await using run = await open({ device: "reference" });
  const refused = async (onNonFinite: unknown, expected: string) => {
    const work = () => outcome(run, { train: [a], onNonFinite: onNonFinite as "skip" });
    const error = await assertRejects(work);
    assertStringIncludes((error as Error).message, expected);
  };
  await refused("ignore", "expected onNonFinite of stop, skip, lower-rate, found ignore");
  await refused({ action: "lower-rate", factor: 1 }, "factor from above 0 to below 1, found 1");
  await refused({ action: "skip", limit: 0 }, "limit to be an integer of at least 1, found 0");
  await refused(3, "fit: expected onNonFinite");
});

Deno.test("fit() keeps memory constant while it skips and lowers rates", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  for (const onNonFinite of ["stop", "skip", "lower-rate"] as const) {
    const seen: string[] = [];
    const batches = onNonFinite === "stop" ? [a, b, c] : [a, bad, b, c];
    const policy = { action: onNonFinite, limit: 100 } as const;
    const all = {
      net,
      params,
      optimizer: rule(0.01),
      train: batches,
      epochs: 12,
      progressEvery: 0,
    };
    for await (const { kind, step } of fit(run, { ...all, onNonFinite: policy } as Options)) {
      if (kind === "progress" && step > 12) seen.push(JSON.stringify(run.memory()));
    }
    assertEquals(new Set(seen).size, 1, `${onNonFinite}: ${seen.at(0)} to ${seen.at(-1)}`);
  }
});
