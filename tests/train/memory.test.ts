/**
 * The memory that a training run needs: told before its first step, as much as it then holds, and refused where
 * there is less.
 */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Dataset } from "../../src/data/dataset.ts";
import { prepareMnist } from "../../src/data/preprocess.ts";
import { MemoryError } from "../../src/device/memory_error.ts";
import {
  batchNorm,
  conv,
  dense,
  dropout,
  flatten,
  type Layer,
  maxPool,
  relu,
  sequential,
} from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { adam, sgd } from "../../src/optim/mod.ts";
import { key } from "../../src/random.ts";
import { open, type Runtime } from "../../src/runtime/mod.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { findCheckpoint } from "../../src/train/checkpoint/checkpoint_folder.ts";
import { fit } from "../../src/train/fit.ts";
import type { FitOptions } from "../../src/train/fit_options.ts";
import { showMemoryGroups, TrainingMemoryError } from "../../src/train/memory/memory_refusal.ts";
import { requiredMemory } from "../../src/train/memory/required_memory.ts";
import { shareBuffers, shareNamed } from "../../src/train/memory/shared_buffers.ts";
import type { TrainingMemory } from "../../src/train/memory/training_memory.ts";
import { folderOf } from "../data/fixtures.ts";
import { forEachDevice, hash, type Tested } from "../devices.ts";

const SIZE = 12;

/** Random images of ten classes. */
function images(count: number, seed = 0): Dataset {
  const square = { height: SIZE, width: SIZE, channels: 1 };
  return {
    name: "noise",
    images: Uint8Array.from({ length: count * SIZE * SIZE }, (_, i) => hash(i, seed)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    ...{ count, ...square, classes: 10 },
  };
}

const splits = (count: number, tested = count) => prepareMnist(images(count), images(tested, 1));

const NETS: Readonly<Record<string, Layer>> = {
  deep: sequential(
    ...[conv(8, 3, { padding: 1 }), batchNorm(), relu, maxPool(2), dropout(0.5)],
    ...[conv(16, 3, { padding: 1 }), batchNorm(), relu, maxPool(2), flatten, dense(10)],
  ),
  wide: sequential(flatten, dense(300), relu, dense(300), relu, dense(10)),
};

const paramsOf = (net: Layer): Params =>
  net.init(key(3), placeholder({ shape: [1, SIZE, SIZE, 1], dtype: "f32" }));

function settingOf(
  net: keyof typeof NETS,
  more: Partial<FitOptions<Params, Params>>,
  { isTested = true } = {},
): FitOptions<Params, Params> {
  const { test, ...others } = { ...splits(66), ...more };
  return {
    net: NETS[net]!,
    params: paramsOf(NETS[net]!),
    optimizer: sgd({ learningRate: 1e-4, momentum: 0.9 }),
    ...{ batch: 11, epochs: 2, progressEvery: Infinity },
    ...others,
    ...isTested && { test },
  };
}

/** What a run was said to need, and the most that it held. */
async function trainTold(run: Runtime, options: FitOptions<Params, Params>) {
  let told: TrainingMemory | undefined, held = 0, before = -1;
  const onMemory = (needed: TrainingMemory) => {
    [told, before] = [needed, run.memory().bytes];
  };
  for await (const _ of fit(run, { ...options, onMemory })) {
    held = Math.max(held, run.memory().bytes);
  }
  return { told: told!, held, before };
}

const CASES: Readonly<Record<string, FitOptions<Params, Params>>> = {
  "batch norm and dropout": settingOf("deep", {}),
  "one image a batch, Adam": settingOf("deep", {
    ...{ batch: 1, ...splits(12, 3), optimizer: adam({ learningRate: 1e-4 }) },
  }),
  "parts, averages and the best epoch": settingOf("deep", {
    ...{ batch: 33, accumulate: 3, averaging: 0.9, best: { metric: "loss" } },
  }),
  "wide layers, lower-rate, no test": settingOf("wide", {
    ...{ batch: 66, onNonFinite: "lower-rate", epochs: 11 },
  }, { isTested: false }),
  "wide layers in parts on a larger test": settingOf("wide", {
    ...{ batch: 66, accumulate: 11, ...splits(132, 66), optimizer: adam({ learningRate: 1e-4 }) },
  }),
  "data on the device": settingOf("deep", { batch: 22, resident: true }),
};

/** Cases that are tried on a GPU too, where compilation takes long. */
const ON_GPU = new Set(["parts, averages and the best epoch", "data on the device"]);

const CLOSE = 1.08, LEAST = 3 << 17;

for (const [name, options] of Object.entries(CASES)) {
  forEachDevice(
    `fit() holds what it has said that it needs: ${name}`,
    async ({ device }) => {
      await using run = await open({ device: device as Tested });
      const { told, held, before } = await trainTold(run, options);
      assert(before < 1 << 16, `${before} bytes before the first step`);
      const found = `${told.deviceTotal} bytes for ${held}: ${showMemoryGroups(told)}`;
      assert(told.deviceTotal >= held, `less than it holds: ${found}`);
      assert(told.deviceTotal <= CLOSE * held + LEAST, `much more than it holds: ${found}`);
      assert(told.deviceTotal - told.device.gaps <= 1.02 * held, `refused for no need: ${found}`);
    },
    { devices: ON_GPU.has(name) ? ["cpu", "webgpu"] : ["cpu"] },
  );
}

forEachDevice("fit() is refused before anything is allocated, and says what fits", async (run) => {
  const device = run.device as Tested,
    options = settingOf("deep", { ...splits(512), batch: 512 });
  const { total } = await requiredMemory(run, options);
  await using small = await open({ device, memory: total / 5 });
  const began = performance.now(), before = small.memory();
  const error = await assertRejects(() => trainTold(small, options), TrainingMemoryError);
  assert(performance.now() - began < 10_000, `${performance.now() - began} ms`);
  assertEquals(small.memory().buffers, before.buffers);
  assert(error instanceof MemoryError);
  assertStringIncludes(error.message, "fit: expected to need at most the ");
  assertStringIncludes(error.message, " of memory that are available, found ");
  const { batch = NaN } = error.fits;
  assertStringIncludes(error.message, `; use a batch of at most ${batch}`);
  assert(batch > 512 / 10 && batch < 512 / 4, `a batch of at most ${batch}`);
  const few = { ...options, ...splits(batch, 10), batch, epochs: 1 };
  if (device !== "webgpu") assert((await trainTold(small, few)).held <= total / 5);
  const more = Math.ceil(1.5 * batch), others = splits(more, 10);
  await using anew = await open({ device, memory: total / 5 });
  await assertRejects(
    () => trainTold(anew, { ...few, ...others, batch: more }),
    TrainingMemoryError,
  );
});

forEachDevice("fit() says in how many parts a batch fits", async (run) => {
  const device = run.device as Tested;
  const options = settingOf("deep", { ...splits(240), batch: 240, epochs: 1 }, { isTested: false });
  const { total, host } = await requiredMemory(run, options);
  await using small = await open({ device, memory: (total - host.batches) / 3 + host.batches });
  const { fits } = await assertRejects(() => trainTold(small, options), TrainingMemoryError);
  const { accumulate = 0 } = fits;
  assert(240 % accumulate === 0 && accumulate >= 3 && accumulate <= 8, `${accumulate} parts`);
  if (device !== "webgpu") await trainTold(small, { ...options, accumulate });
});

forEachDevice("fit() that was refused goes on where nothing is", async (run) => {
  const options = settingOf("deep", { epochs: 1 }), device = run.device as Tested;
  await using tiny = await open({ device, memory: 1000 });
  const { fits, message } = await assertRejects(
    () => trainTold(tiny, options),
    TrainingMemoryError,
  );
  assertEquals(fits.batch, undefined);
  assertStringIncludes(message, "use smaller batches or a smaller net");
  if (device === "webgpu") return;
  await using any = await open({ device, memory: Infinity });
  assert((await trainTold(any, options)).told.total > 1000);
});

forEachDevice("what a run holds already is not needed again", async (run) => {
  const options = settingOf("wide", { epochs: 1 }), device = run.device as Tested;
  const { total } = await requiredMemory(run, options);
  await using own = await open({ device, memory: 1.1 * total });
  const params = own.jit((params: Params) => params)(options.params);
  await trainTold(own, { ...options, params });
}, { devices: ["reference", "cpu"] });

Deno.test("a checkpoint needs memory too, and a finished run none that is missing", async () => {
  await using run = await open({ device: "cpu" });
  await using folder = await folderOf({});
  const checkpoint = { folder: folder.path }, plain = settingOf("wide", { epochs: 1 });
  const options = { ...plain, checkpoint };
  const { device: { params, optimizer, recovery }, host } = await requiredMemory(run, options);
  assert(host.checkpoint >= params + optimizer + recovery);
  assertEquals((await requiredMemory(run, plain)).host.checkpoint, 0);
  await trainTold(run, options);
  await using other = await open({ device: "cpu" });
  await trainTold(other, { ...options, resume: await findCheckpoint(folder.path) });
});

forEachDevice(
  "jit() refuses what needs more than there is, and computes the rest",
  async (shared) => {
    await using run = await open({ device: shared.device as Tested, memory: 1 << 20 });
    const outer = run.jit((x: Tensor) => ops.sum(ops.mul(x, ops.reshape(x, [-1, 1])), 0));
    const range = (length: number) => tensor(Float32Array.from({ length }, (_, i) => i));
    assertEquals([...await run.read(outer(range(3)))], [0, 3, 6]);
    const twice = run.jit((x: Tensor) => ops.broadcastTo(x, [1000, 1000]));
    const error = assertThrows(() => twice(tensor([1])), MemoryError);
    assertStringIncludes(error.message, `${run.device}: expected to need at most the `);
    assertEquals([...await run.read(outer(range(3)))], [0, 3, 6]);
  },
);

Deno.test("buffers are shared by functions that run in turn", () => {
  assertEquals(shareBuffers([[8, 4, 4], [6, 4]]), [8, 4, 4]);
  assertEquals(shareBuffers([[8], [9, 1]]), [8, 9]);
  assertEquals(shareBuffers([[3, 3], [3, 3, 3]]), [3, 3, 3]);
  assertEquals(shareNamed([{ a: 1, b: 5 }, { b: 2, c: 3 }]), { a: 1, b: 5, c: 3 });
});
