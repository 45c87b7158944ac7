/**
 * What training reports and computes, by numbers that are known: mean losses, speeds, weights of distillation.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sgd } from "../../src/optim/mod.ts";
import { open } from "../../src/runtime/mod.ts";
import { type Params, tensor } from "../../src/tensor.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { distillation } from "../../src/train/distillation.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitOptions } from "../../src/train/fit_options.ts";
import { Meter } from "../../src/train/meter.ts";
import { folderOf } from "../data/fixtures.ts";
import { tinyNet, tinyParams, tinySplits } from "./fixtures.ts";

type Weights = ReturnType<typeof tinyParams>;

const { train } = tinySplits(60, 20);
const setting = (learningRate = 0.1) => ({
  net: tinyNet(),
  params: tinyParams(),
  optimizer: sgd({ learningRate }),
  ...{ train, batch: 12 },
});

Deno.test("the training loss of an epoch is the mean over images, that of testing where nothing moves", async () => {
  await using run = await open({ device: "reference" });
  const options = { ...setting(1e-12), test: train, epochs: 1 };
  for await (const event of fit(run, options)) {
    if (event.kind === "epoch") assertAlmostEquals(event.trainLoss, event.test!.loss, 1e-5);
  }
});

Deno.test("a session reports after its first step, which compiles, and so does one that resumes", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const options = { ...setting(), epochs: 2, progressEvery: 1000 };
  const checkpoint = { folder: at.path, everySteps: 2 };
  const reported = async (more: Partial<FitOptions<Weights, Params>>) => {
    const steps: number[] = [];
    for await (const event of fit<Weights, Params>(run, { ...options, ...more })) {
      if (event.kind === "progress") steps.push(event.step);
      if (event.kind === "checkpoint" && event.step === 6) break;
    }
    return steps;
  };
  assertEquals(await reported({ checkpoint }), [1]);
  assertEquals(await reported({ resume: await findCheckpoint(at.path) }), [7]);
});

Deno.test("Meter has images per second, and seconds of an epoch with those before", async () => {
  const meter = new Meter(100);
  meter.count(5000);
  await new Promise((done) => setTimeout(done, 50));
  const { seconds, imagesPerSecond } = meter.measure();
  assert(seconds >= 100.04 && seconds < 130, `${seconds} s`);
  assert(imagesPerSecond > 150 && imagesPerSecond < 130_000, `${imagesPerSecond} images/s`);
});

Deno.test("distillation weighs the teacher's part, by a number or a schedule, and softens by 3", async () => {
  await using run = await open({ device: "reference" });
  const output = tensor([[2, -1]]), labels = tensor([0], [1], "i32"), images = tensor([[0]]);
  const lossOf = async (options: Partial<Parameters<typeof distillation>[0]>) => {
    const objective = distillation({ teacher: () => tensor([[0, 0]]), ...options });
    const step = tensor(Int32Array.of(7), []);
    const [found] = await run.read([objective({ output, labels, images, sides: [], step })]);
    return found![0]!;
  };
  const own = Math.log(1 + Math.exp(-3));
  const softened = (t: number) =>
    (Math.log(1 + Math.exp(3 / t)) + Math.log(1 + Math.exp(-3 / t))) / 2;
  assertAlmostEquals(await lossOf({}), own + softened(3), 1e-6);
  assertAlmostEquals(await lossOf({ weight: 4 }), own + 4 * softened(3), 1e-6);
  assertAlmostEquals(
    await lossOf({ weight: () => tensor(2.5), temperature: 1 }),
    own + 2.5 * softened(1),
    1e-6,
  );
});
