/**
 * Checkpoints that a training must not resume from, and folders in which it must not write.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { conv, dense, dropout, flatten, relu, sequential, tanh } from "../../../src/nn/mod.ts";
import { type Layer, type NoParams, stateless } from "../../../src/nn/mod.ts";
import { sgd } from "../../../src/optim/mod.ts";
import { open } from "../../../src/runtime/mod.ts";
import {
  type Checkpoint,
  CheckpointError,
  encodeCheckpoint,
} from "../../../src/train/checkpoint/checkpoint.ts";
import {
  checkpointWriter,
  findCheckpoint,
} from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { fit } from "../../../src/train/fit.ts";
import { LOSSES } from "../../../src/nn/mod.ts";
import { VERSION } from "../../../src/train/checkpoint/version.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { custom, mul } from "../../../src/ops/mod.ts";
import configuration from "../../../deno.json" with { type: "json" };
import type { Labels } from "../../../src/data/dataset.ts";
import { folderOf } from "../../data/fixtures.ts";
import { onDevice } from "../../devices.ts";
import { OPTIMIZERS, resumeIn, setting, trainTo } from "./interrupted.ts";
import { tinyNet, tinyParams } from "../fixtures.ts";

const base = setting();

/** A net of the sizes of the usual one, with another function in it. */
const netWith = (activation: Layer<NoParams>) =>
  sequential(conv(3, 3, { padding: 1 }), activation, flatten, dropout(0.2), dense(2));

/** A net that closes over a number. */
const netTimes = (factor: Tensor) => netWith(stateless("times", (x) => mul(x, factor)));

const wider = sequential(conv(4, 3, { padding: 1 }), relu, flatten, dropout(0.2), dense(2));

/** The same images but for one pixel, label or augmentation. */
const { train } = base, { dataset } = train;
const touched = <A extends Labels>(numbers: A): A => {
  const copy = numbers.slice() as A;
  copy[17]! ^= 1;
  return copy;
};

/** Trainings that differ from the first in each pair in one thing, and what is said of it. */
const OTHERS = {
  "parameters: expected 0.w f32[3, 3, 1, 4], found 0.w f32[3, 3, 1, 3]": {
    net: wider,
    params: tinyParams(wider as never),
  },
  "layers: expected tanh, found relu": { net: netWith(tanh) },
  "what the net computes: expected ": { net: tinyNet(0.3) },
  "what the loss computes, and gradients: expected ": { loss: LOSSES.hinge },
  "optimizer's state: expected means.0.w f32[3, 3, 1, 3], found velocity.0.w f32[3, 3, 1, 3]": {
    optimizer: OPTIMIZERS.adam,
  },
  "what the optimizer computes, by its rule and rates: expected ": {
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
  },
  "training data: expected halves, 70 images, ": {
    train: { ...train, dataset: { ...dataset, images: touched(dataset.images) } },
  },
  "training data: expected halves, 70 images": {
    train: { ...train, dataset: { ...dataset, labels: touched(dataset.labels) } },
  },
  "training data: expected halves, 70": { train: { ...train, mean: train.mean.map((x) => x + 1) } },
  "training data: expected halves": {
    train: { ...train, augmentation: { padding: 4, mirror: true } },
  },
  "test data: expected halves, 21 images, ": {
    test: {
      ...base.test,
      dataset: { ...base.test.dataset, labels: touched(base.test.dataset.labels) },
    },
  },
  "test data: expected halves, 21 images": {
    test: {
      ...base.test,
      dataset: { ...base.test.dataset, images: touched(base.test.dataset.images) },
    },
  },
  "test data: expected halves, 21": {
    test: { ...base.test, mean: base.test.mean.map((x) => x + 1) },
  },
  "test data: expected none, found halves, 21 images, ": { test: undefined },
  "batch: expected 8, found 16": { batch: 8 },
  "seed: expected 6, found 5": { seed: 6 },
  "augment: expected false, found true": { augment: false },
};

Deno.test("fit() rejects the checkpoint of another training, and names the difference", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  const resume = await findCheckpoint(at.path);
  for (const [text, other] of Object.entries(OTHERS)) {
    const trains = () => Array.fromAsync(fit(run, { ...base, ...other, resume } as never));
    const { message } = await assertRejects(trains, CheckpointError, text);
    assert(message.startsWith(`${resume.path}: expected a checkpoint of this training`), message);
    assertEquals(message.split("\n").length, 1);
  }
  const { weights } = await resumeIn(run, at.path, base);
  assert(weights, "the same training resumes");
});

Deno.test("fit() distinguishes nets by the data that they close over, on the host or a device", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const three = onDevice(run, 3);
  const withNet = (net: unknown) => ({ ...base, net }) as typeof base;
  await resumeIn(run, at.path, withNet(netTimes(tensor([2]))), { cut: 1 });
  const again = await findCheckpoint(at.path);
  const refused = async (net: unknown) =>
    await assertRejects(
      () => trainTo(run, { ...withNet(net), resume: again }),
      CheckpointError,
      "what the net computes",
    );
  await refused(netTimes(tensor([3])));
  await refused(netTimes(three));
  const compiled = run.jit((x: Tensor) => mul(x, tensor([2])));
  for (const same of [netTimes(tensor([2])), netWith(stateless("times", (x) => compiled(x)))]) {
    await trainTo(run, { ...withNet(same), resume: again });
  }
});

Deno.test("fit() distinguishes nets that differ in their gradients only", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const netOf = (factor: number) => {
    const same = custom("same", (x) => x, (cotangent) => [mul(cotangent, factor)]);
    return { ...base, net: netWith(stateless("same", (x) => same(x))) } as unknown as typeof base;
  };
  await resumeIn(run, at.path, netOf(1), { cut: 1 });
  await assertRejects(
    () => resumeIn(run, at.path, netOf(2)),
    CheckpointError,
    "what the loss computes, and gradients: expected ",
  );
  assert((await resumeIn(run, at.path, netOf(1))).weights);
});

Deno.test("fit() rejects the checkpoint of another version", async () => {
  assertEquals(VERSION, configuration.version);
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  const { checkpoint } = await findCheckpoint(at.path);
  const trains = { ...checkpoint!.trains, "version of goodinit": "0.0.9" };
  const old: Checkpoint = { ...checkpoint!, step: 7, trains };
  await checkpointWriter(at.path)(7, await encodeCheckpoint(old));
  await assertRejects(
    () => resumeIn(run, at.path, base),
    CheckpointError,
    `version of goodinit: expected ${VERSION}, found 0.0.9`,
  );
});

Deno.test("fit() rejects a checkpoint of more steps than its epochs have", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  const { checkpoint } = await findCheckpoint(at.path), step = Number.MAX_SAFE_INTEGER;
  await checkpointWriter(at.path)(step, await encodeCheckpoint({ ...checkpoint!, step }));
  await assertRejects(
    () => resumeIn(run, at.path, base),
    CheckpointError,
    `found one of ${step.toLocaleString("en-US")} steps`,
  );
});

Deno.test("fit() resumes from the checkpoint before a damaged one, to the same bits", async () => {
  await using run = await open({ device: "reference" });
  const { epochs, weights } = await trainTo(run, base);
  for (const harm of ["flip", "truncate", "empty", "both"]) {
    await using at = await folderOf({});
    await resumeIn(run, at.path, base, { cut: 6 });
    const names = [...Deno.readDirSync(at.path)].map(({ name }) => `${at.path}/${name}`).sort();
    assertEquals(names.length, 2);
    for (const path of harm === "both" ? names : names.slice(1)) {
      const bytes = await Deno.readFile(path);
      if (harm === "flip" || harm === "both") bytes[bytes.length - 9]! ^= 64;
      const left = { flip: bytes.length, both: bytes.length, truncate: 1000, empty: 0 }[harm];
      await Deno.writeFile(path, bytes.subarray(0, left));
    }
    const { checkpoint, damaged } = await findCheckpoint(at.path);
    assertEquals([checkpoint?.step, damaged.length], harm === "both" ? [undefined, 2] : [5, 1]);
    const emitted = await resumeIn(run, at.path, base);
    assertEquals([emitted.epochs, emitted.weights], [epochs, weights], harm);
    assertEquals((await findCheckpoint(at.path)).damaged, []);
  }
});

Deno.test("fit() does not overwrite the checkpoints of a training that it does not resume", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  await assertRejects(
    () => trainTo(run, { ...base, checkpoint: { folder: at.path } }),
    CheckpointError,
    `fit: expected a folder without checkpoints, found ${at.path}/step-000000006.safetensors`,
  );
  assertEquals((await findCheckpoint(at.path)).checkpoint?.step, 6);
});

Deno.test("fit() fails where no checkpoint can be written, and keeps the last one", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  await Deno.mkdir(`${at.path}/step-000000007.safetensors`);
  await assertRejects(
    () => resumeIn(run, at.path, base),
    CheckpointError,
    `${at.path}/step-000000007.safetensors: expected to write `,
  );
  assertEquals((await findCheckpoint(at.path)).checkpoint?.step, 6);
});

Deno.test("fit() rejects a checkpoint of more steps, and times that do not fit", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, base, { cut: 6 });
  const fewer = { ...base, epochs: 1 };
  await assertRejects(
    () => resumeIn(run, at.path, fewer),
    RangeError,
    "expected epochs of at least the 6 steps taken, found 4 steps",
  );
  for (const often of [{ everySteps: 0 }, { everySeconds: -1 }, { everySeconds: NaN }]) {
    const checkpoint = { folder: `${at.path}/new`, ...often };
    await assertRejects(
      () => trainTo(run, { ...base, checkpoint }),
      RangeError,
      "expected checkpoints every 0 seconds or more and every step or more, found ",
    );
  }
});
