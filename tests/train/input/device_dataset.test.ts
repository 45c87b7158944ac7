/**
 * Batches that the device makes are those that the host makes, and trainings with them go alike.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  countBatches,
  type LoaderOptions,
  remainingBatches,
  trainingBatchMaker,
} from "../../../src/data/loader/training_sampler.ts";
import {
  prepareCifar,
  type Prepared,
  type PreparedSplits,
  prepareMnist,
} from "../../../src/data/mod.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../../src/tensor.ts";
import { CheckpointError } from "../../../src/train/checkpoint/checkpoint.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { fitsOnDevice, openInputPipeline } from "../../../src/train/input/input_pipeline.ts";
import { keyData } from "../../../src/threefry.ts";
import { folderOf, pictures } from "../../data/fixtures.ts";
import { forEachDevice } from "../../devices.ts";
import {
  type Emitted,
  memoryAtSteps,
  resumeIn,
  setting,
  trainTo,
} from "../checkpoint/interrupted.ts";

const gray = pictures({ count: 9, height: 4, width: 7, channels: 1 });
/** Images of 105 bytes, which no number of whole words holds. */
const odd = (count: number) => pictures({ count, height: 7, width: 5 });
const flat = pictures({ count: 9, height: 6, width: 6 });
flat.images.fill(7, 0, 5 * 108);

/** Windows of 4 × 3 of images padded by one pixel. */
function windows({ train, test }: PreparedSplits): PreparedSplits {
  const window = { height: 4, width: 3 }, augmentation = { padding: 1, mirror: true };
  return { train: { ...train, window, augmentation }, test: { ...test, window } };
}

const SOURCES: Readonly<Record<string, { readonly train: Prepared; readonly test: Prepared }>> = {
  "scaled images": prepareMnist(gray, gray),
  "standardized images of an odd size": prepareCifar(odd(11), odd(7)),
  "images of one color": prepareCifar(flat, flat),
  "windows": windows(prepareCifar(odd(11), odd(7))),
};

/** Compares the batches that the device makes with the host's. */
async function compareBatches(run: Runtime, options: LoaderOptions, tolerance: number) {
  const make = trainingBatchMaker(options), length = remainingBatches(options);
  using pipeline = openInputPipeline(run, options, { resident: true });
  const materialize = {
    train: run.jit((inputs: Params) => pipeline.materialize(inputs, "train") as Params),
    test: run.jit((inputs: Params) => pipeline.materialize(inputs, "test") as Params),
  };
  const { train, test } = countBatches(options);
  let at = 0;
  for (const batch of pipeline.take(length)) {
    const { count, index } = batch;
    const expected = make(at), of = at++ % (train + test) < train ? "train" : "test";
    const found = await run.read(
      materialize[of](pipeline.inputs(batch)) as { images: Tensor; labels: Tensor },
    );
    assertEquals([count, index], [expected.count, expected.index]);
    assertEquals(found.labels, expected.labels);
    expected.images.forEach((value, i) => {
      const off = Math.abs(found.images[i]! - value);
      assert(
        off <= tolerance * Math.max(1, Math.abs(value)),
        `batch ${at} element ${i}: expected ${value}, found ${found.images[i]}`,
      );
    });
  }
}

for (const [name, splits] of Object.entries(SOURCES)) {
  const augment = splits.train.augmentation !== undefined;
  forEachDevice(`the device computes the same batches as the host: ${name}`, async (run) => {
    const options = { ...splits, batch: 4, epochs: 2, key: keyData(3), augment };
    await compareBatches(run, options, 1e-6);
  });
}

forEachDevice("the device gathers whitened images to the host's bits", async (run) => {
  const { train, test } = prepareCifar(odd(11), odd(7)), window = { height: 5, width: 4 };
  const images = (count: number, seed: number) =>
    Float32Array.from({ length: 105 * count }, (_, i) => Math.sin(i + seed));
  const whitened = (source: Prepared, seed: number): Prepared => {
    const { mean, dataset: { count } } = source;
    return {
      ...source,
      whitened: { by: { mean, matrix: mean }, images: images(count, seed) },
      window,
    };
  };
  const splits = { train: whitened(train, 1), test: whitened(test, 2) };
  const options = { ...splits, batch: 4, epochs: 2, key: keyData(3), augment: true };
  await compareBatches(run, options, 0);
});

/** The losses of a training, and its last weights. */
const numbersOf = ({ epochs, weights }: Emitted) => {
  const losses = (epochs as { trainLoss: number; test: { loss: number } }[])
    .flatMap(({ trainLoss, test }) => [trainLoss, test.loss]);
  return [...losses, ...(weights as Float32Array[]).flatMap((data) => [...data])];
};

forEachDevice(
  "fit() trains alike with batches of the device, and to the same bits again",
  async (run) => {
    const host = await trainTo(run, { ...setting(), resident: false });
    const device = await trainTo(run, { ...setting(), resident: true });
    const expected = numbersOf(host);
    numbersOf(device).forEach((value, i) => {
      const off = Math.abs(value - expected[i]!);
      assert(
        off <= 1e-4 * Math.max(1, Math.abs(value)),
        `number ${i}: expected ${expected[i]}, found ${value}`,
      );
    });
    assertEquals(await trainTo(run, { ...setting(), resident: true }), device);
  },
);

forEachDevice("fit() resumes to the same bits with batches of the device", async (run) => {
  const options = { ...setting(), resident: true }, whole = await trainTo(run, options);
  await using at = await folderOf({});
  for (const cut of [3, 6]) await resumeIn(run, at.path, options, { cut });
  // What is left out is as it was.
  const { epochs, weights } = await resumeIn(run, at.path, setting());
  assertEquals({ epochs, weights }, { epochs: whole.epochs, weights: whole.weights });
});

Deno.test("fit() names the batches that a checkpoint belongs to", async () => {
  await using run = await open({ device: "reference" });
  for (const resident of [true, false]) {
    await using at = await folderOf({});
    await resumeIn(run, at.path, { ...setting(), ...{ resident } }, { cut: 2 });
    const resume = await findCheckpoint(at.path), checkpoint = { folder: at.path };
    await assertRejects(
      () => trainTo(run, { ...setting(), resident: !resident, checkpoint, resume }),
      CheckpointError,
      "batches: expected",
    );
  }
});

Deno.test("data is uploaded to a device that has memory of its own, with space left", async () => {
  await using run = await open({ device: "reference" });
  const options = prepareCifar(odd(11), odd(7));
  assert(!fitsOnDevice(run, options));
  // 27 words of bytes, three numbers and a label an image, and a mean a set.
  const bytes = 4 * (18 * (27 + 4) + 2 * 105);
  assert(fitsOnDevice({ ...run, roomForData: bytes }, options));
  assert(!fitsOnDevice({ ...run, roomForData: bytes - 1 }, options));
});

forEachDevice(
  "fit() holds the same memory at every step with batches of the device",
  async (shared) => {
    await using run = await open({ device: shared.device as "reference" | "cpu" | "webgpu" });
    const { seen, signal } = memoryAtSteps(run);
    await trainTo(run, { ...setting(), epochs: 40, resident: true, signal });
    assertEquals([seen.length, new Set(seen).size], [140, 1]);
  },
);
