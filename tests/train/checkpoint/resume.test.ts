/**
 * A training that is cut off and resumed is the training that was never cut off, to the bit.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { fit } from "../../../src/train/fit.ts";
import { folderOf } from "../../data/fixtures.ts";
import { forEachDevice } from "../../devices.ts";
import { signalAfterAStep } from "../fixtures.ts";
import { memoryAtSteps, OPTIMIZERS, resumeIn, setting, STEPS, trainTo } from "./interrupted.ts";

type Named = keyof typeof OPTIMIZERS;

async function assertSame(run: Runtime, optimizer: Named, cuts: readonly number[]): Promise<void> {
  const options = setting(OPTIMIZERS[optimizer]), whole = await trainTo(run, options);
  await using at = await folderOf({});
  for (const cut of cuts) await resumeIn(run, at.path, options, { cut });
  const { epochs, weights } = await resumeIn(run, at.path, options);
  assertEquals({ epochs, weights }, { epochs: whole.epochs, weights: whole.weights });
}

for (const name of Object.keys(OPTIMIZERS) as Named[]) {
  forEachDevice(`fit() resumes to the same bits with ${name}, cut in an epoch`, async (run) => {
    await assertSame(run, name, [6]);
  });
}

forEachDevice("fit() resumes to the same bits, cut after any step", async (run) => {
  for (const cut of [1, 3, 4, 5, 8, 11, 12]) await assertSame(run, "sgd", [cut]);
});

forEachDevice("fit() resumes to the same bits, cut after every step", async (run) => {
  await assertSame(run, "sgd", Array.from({ length: STEPS }, (_, i) => i + 1));
});

forEachDevice(
  "fit() makes an ended training the one that had more epochs from the start",
  async (run) => {
    const options = setting(), long = { ...options, epochs: 5 }, whole = await trainTo(run, long);
    await using at = await folderOf({});
    await resumeIn(run, at.path, options);
    await resumeIn(run, at.path, { ...options, epochs: 4 }, { cut: STEPS + 2 });
    const { epochs, weights } = await resumeIn(run, at.path, long);
    assertEquals({ epochs, weights }, { epochs: whole.epochs, weights: whole.weights });
  },
);

forEachDevice("fit() is not disturbed by checkpoints", async (run) => {
  const options = setting(), without = await trainTo(run, options);
  await using at = await folderOf({});
  const checkpoint = { folder: `${at.path}/a/b`, everySteps: 1 };
  const emitted = await trainTo(run, { ...options, checkpoint });
  assertEquals(emitted.checkpoints, Array.from({ length: STEPS }, (_, i) => i + 1));
  assertEquals({ ...emitted, checkpoints: [] }, without);
});

forEachDevice("fit() keeps buffers, bytes and plans constant with checkpoints", async (shared) => {
  await using run = await open({ device: shared.device as "reference" | "cpu" | "webgpu" });
  await using at = await folderOf({});
  const checkpoint = { folder: at.path, everySteps: 1 };
  const { seen, signal } = memoryAtSteps(run);
  await trainTo(run, { ...setting(), epochs: 40, checkpoint, signal });
  assertEquals([seen.length, new Set(seen).size], [140, 1]);
});

Deno.test("fit() resumes to the same bits with another number of threads, and with prefetching", async () => {
  await using one = await open({ device: "cpu", threads: 1 });
  await using two = await open({ device: "cpu", threads: 2 });
  await using at = await folderOf({});
  const options = setting(), { epochs, weights } = await trainTo(one, options);
  await resumeIn(two, at.path, options, { cut: 6 });
  const emitted = await resumeIn(one, at.path, { ...options, ...{ prefetch: true } });
  assertEquals([emitted.epochs, emitted.weights], [epochs, weights]);
});

Deno.test("fit() writes a checkpoint at the end, and resumes from there to the same end", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const options = setting();
  const emitted = await resumeIn(run, at.path, options, { everySteps: 5 });
  assertEquals(emitted.checkpoints, [5, 10, 12]);
  const again = await resumeIn(run, at.path, options);
  assertEquals(again, { ...emitted, checkpoints: [] });
});

Deno.test("fit() writes a checkpoint when its signal ends it", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const options = setting(), whole = await trainTo(run, options);
  const signal = signalAfterAStep(), checkpoint = { folder: at.path };
  const first = await trainTo(run, { ...options, checkpoint, signal });
  assertEquals(first.checkpoints, [1]);
  const { epochs, weights } = await resumeIn(run, at.path, options);
  assertEquals({ epochs, weights }, { epochs: whole.epochs, weights: whole.weights });
});

Deno.test("a checkpoint counts the seconds of all sessions, and those before fit()", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  const seconds = async () => (await findCheckpoint(at.path)).checkpoint!.elapsed;
  await resumeIn(run, at.path, setting(), { cut: 6 });
  const first = await seconds(), before = performance.now();
  for await (
    const event of fit(run, {
      ...setting(),
      checkpoint: { folder: at.path, everySteps: 1, since: before - 500_000 },
      resume: await findCheckpoint(at.path),
    })
  ) {
    if (event.kind !== "checkpoint") continue;
    const life = await seconds() - first - 500, most = (performance.now() - before) / 1000;
    assert(life > 0 && life <= most, `${life} ${most}`);
  }
});

Deno.test("a checkpoint contains the state to resume, and the elapsed times", async () => {
  await using run = await open({ device: "reference" });
  await using at = await folderOf({});
  await resumeIn(run, at.path, setting(), { cut: 6 });
  const { checkpoint, path, damaged } = await findCheckpoint(at.path);
  assertEquals([path, damaged], [`${at.path}/step-000000006.safetensors`, []]);
  const { step, seconds, epochs, device, tensors } = checkpoint!;
  assertEquals([step, epochs.length, device], [6, 1, "float64 interpreter"]);
  assert(seconds > 0 && epochs[0]!.seconds > 0 && epochs[0]!.imagesPerSecond > 0);
  assert(checkpoint!.elapsed > epochs[0]!.seconds + seconds, `${checkpoint!.elapsed}`);
  const resume = { checkpoint: { ...checkpoint!, seconds: 1000 }, damaged: [] },
    times: number[] = [];
  for await (const event of fit(run, { ...setting(), resume })) {
    if (event.kind === "epoch") times.push(event.seconds);
  }
  assert(times.length === 2 && times[0]! > 1000 && times[1]! < 1000, `${times}`);
  assertEquals([...tensors.keys()], [
    "params.0.w",
    "params.0.b",
    "params.4.w",
    "params.4.b",
    "state.step",
    "state.velocity.0.w",
    "state.velocity.0.b",
    "state.velocity.4.w",
    "state.velocity.4.b",
    "key",
    "step",
    "metrics.loss",
    "metrics.correct",
    "metrics.images",
    "metrics.badStep",
    "recovery.last.params.0.w",
    "recovery.last.params.0.b",
    "recovery.last.params.4.w",
    "recovery.last.params.4.b",
    "recovery.last.state.step",
    "recovery.last.state.velocity.0.w",
    "recovery.last.state.velocity.0.b",
    "recovery.last.state.velocity.4.w",
    "recovery.last.state.velocity.4.b",
    "recovery.badParams",
  ]);
  assertEquals([tensors.get("step")!.data[0], tensors.get("metrics.images")!.data[0]], [6, 32]);
  assertNotEquals(tensors.get("state.velocity.0.w")!.data[0], 0);
});
