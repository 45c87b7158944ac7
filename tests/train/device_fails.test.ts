/**
 * Trainings whose device is lost, reports an error or is out of memory: the last checkpoint is kept, and
 * another device goes on from it.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "../../src/device/device_error.ts";
import { MemoryError } from "../../src/device/memory_error.ts";
import { mul } from "../../src/ops/mod.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { evaluate } from "../../src/train/evaluate_source.ts";
import { fit } from "../../src/train/fit.ts";
import { folderOf } from "../data/fixtures.ts";
import { withWebGpu } from "../devices.ts";
import { openWithGpu } from "../device/webgpu/open_with_gpu.ts";
import { type Emitted, setting, STEPS, trainTo } from "./checkpoint/interrupted.ts";

/** Trains until something is done to the device after a step; what the training throws. */
async function failing(run: Runtime, folder: string, at: number, harm: () => void): Promise<Error> {
  const checkpoint = { folder, everySteps: 2 };
  const work = async () => {
    const all = { ...setting(), checkpoint, progressSteps: 1 };
    for await (const { step } of fit(run, all)) if (step === at) harm();
  };
  return await assertRejects(work, Error);
}

/** Takes all memory that a device has without growing; it is free again once the tensors are unreachable. */
function fill(run: Runtime): readonly Tensor[] {
  const held: Tensor[] = [], hold = run.jit((x: Tensor) => mul(x, 2));
  for (let size = 1 << 20; size >= 16; size >>= 4) {
    try {
      for (;;) held.push(hold(tensor(new Float32Array(size))));
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
    }
  }
  return held;
}

/** The rest of a training, on the CPU. */
async function resumed(folder: string): Promise<Emitted> {
  await using run = await open({ device: "cpu", threads: 1 });
  const resume = await findCheckpoint(folder);
  return await trainTo(run, { ...setting(), resume });
}

const HARM: Readonly<Record<string, readonly [(gpu: GPUDevice) => void, RegExp]>> = {
  "is lost": [
    (gpu) => gpu.destroy(),
    /^webgpu: the device was lost \(destroyed\): .*; the checkpoint/,
  ],
  "reports an error": [
    (gpu) =>
      gpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE }),
    /^webgpu: `MAP` usage can only .*; the checkpoint/,
  ],
  "is out of memory": [
    (gpu) => {
      const error = new GPUOutOfMemoryError("Not enough memory left.");
      gpu.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
    },
    /^webgpu: expected no more bytes than the adapter has free, found .* use a smaller batch .*; the checkpoint/,
  ],
};

for (const [what, [harm, expected]] of Object.entries(HARM)) {
  withWebGpu(
    `fit() whose GPU ${what} says which checkpoint is kept, and the CPU goes on`,
    async () => {
      const [run, gpu] = await openWithGpu();
      await using at = await folderOf({});
      const error = await failing(run, at.path, 5, () => harm(gpu));
      assert(error instanceof DeviceError || error instanceof MemoryError, `${error.name}`);
      assert(expected.test(error.message), error.message);
      assert(!error.message.includes("\n"), error.message);
      const { checkpoint, path } = await findCheckpoint(at.path);
      assertEquals(error.message.endsWith(`of step ${checkpoint!.step} is kept, ${path}`), true);
      assertEquals(checkpoint!.step, 4);
      await run[Symbol.asyncDispose]();
      const rest = await resumed(at.path);
      assertEquals(rest.epochs.length, 2, "the first epoch had ended");
      assert(rest.weights !== undefined);
    },
  );
}

Deno.test("fit() that is out of memory writes a last checkpoint, and goes on to the same bits", async () => {
  await using whole = await open({ device: "cpu", threads: 1 });
  const expected = await trainTo(whole, setting());
  await using run = await open({ device: "cpu", threads: 1 });
  await using at = await folderOf({});
  const { grow } = WebAssembly.Memory.prototype;
  let held: readonly Tensor[] = [];
  try {
    const harm = () => {
      WebAssembly.Memory.prototype.grow = () => {
        throw new RangeError("no memory");
      };
      held = fill(run);
    };
    const error = await failing(run, at.path, 5, harm);
    assert(error instanceof MemoryError && held.length > 0, `${error}`);
    const { checkpoint, path } = await findCheckpoint(at.path);
    assertEquals(checkpoint!.step, 5);
    assert(error.message.endsWith(`the checkpoint of step 5 is kept, ${path}`), error.message);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  const rest = await resumed(at.path);
  assertEquals(rest.weights, expected.weights);
  assertEquals(rest.epochs.at(-1), expected.epochs.at(-1));
  assert(STEPS > 5);
});

withWebGpu("evaluate() on a GPU that is lost says so in one line", async () => {
  const [run, gpu] = await openWithGpu(), { net, params, test } = setting();
  gpu.destroy();
  const work = () => evaluate(run, { net, params, test });
  await assertRejects(work, DeviceError, "webgpu: the device was lost (destroyed)");
  await run[Symbol.asyncDispose]();
});
