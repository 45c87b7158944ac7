/**
 * Worker threads that die: while they have a part of the work, as they start, or without a word.
 */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DeviceError } from "../../../src/device/device_error.ts";
import { dense, flatten, relu, sequential } from "../../../src/nn/mod.ts";
import { matmul, mul } from "../../../src/ops/mod.ts";
import { key } from "../../../src/random.ts";
import { open } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { findCheckpoint } from "../../../src/train/checkpoint/checkpoint_folder.ts";
import { fit } from "../../../src/train/fit.ts";
import { folderOf } from "../../data/fixtures.ts";
import { setting, trainTo } from "../../train/checkpoint/interrupted.ts";

type Options = Parameters<typeof trainTo>[1];

const options = { sanitizeOps: false, sanitizeResources: false };

/** The most milliseconds of a wait for a part, and for a thread's answer where none comes. */
const WAIT = 5, ANSWER = 100;

/** Replaces the worker threads by others until it is disposed, and makes waits short. */
function withWorkers(start: (own: typeof Worker) => Worker, answer = Infinity): Disposable {
  const { Worker, setTimeout } = globalThis, { wait } = Atomics;
  globalThis.Worker = function () {
    return start(Worker);
  } as unknown as typeof Worker;
  Atomics.wait =
    ((words: Int32Array, index: number, value: number, ms?: number) =>
      wait(words, index, value, Math.min(ms ?? Infinity, WAIT))) as typeof wait;
  globalThis.setTimeout =
    ((f: () => void, ms = 0) => setTimeout(f, Math.min(ms, answer))) as typeof setTimeout;
  return {
    [Symbol.dispose]: () => {
      globalThis.setTimeout = setTimeout;
      globalThis.Worker = Worker;
      Atomics.wait = wait;
    },
  };
}

/** Workers that die in a way of `dead_worker.ts`. */
const withDead = (way: string): Disposable =>
  withWorkers(
    (Worker) => new Worker(new URL(`dead_worker.ts?${way}`, import.meta.url), { type: "module" }),
    way === "silent" ? ANSWER : Infinity,
  );

const ones = (size: number) => tensor(new Float32Array(size * size).fill(1), [size, size]);

/** Computes on two threads until it throws, or for a while. */
async function compute(size = 256, times = 200): Promise<number> {
  await using run = await open({ device: "cpu", threads: 2 });
  const square = run.jit((x: Tensor) => matmul(x, x)), x = ones(size);
  let found = 0;
  for (let i = 0; i < times; i++) found = (await run.read(square(x)))[0]!;
  return found;
}

const SILENT =
  "cpu: expected every thread to do its part, found one that has ended or does nothing; fewer threads need less memory";

Deno.test(
  "a thread that ends with its part undone is missed, and the device says so",
  options,
  async () => {
    using _ = withDead("claims");
    const error = await assertRejects(() => compute(), DeviceError);
    assertEquals(error.message, SILENT);
  },
);

Deno.test(
  "a device that misses a thread computes nothing any more; another one does",
  options,
  async () => {
    {
      using _ = withDead("claims");
      await using run = await open({ device: "cpu", threads: 2 });
      const square = run.jit((x: Tensor) => matmul(x, x)), x = ones(256), kept = square(ones(2));
      await run.read(kept);
      await assertRejects(async () => {
        for (let i = 0; i < 200; i++) await run.read(square(x));
      }, DeviceError);
      const twice = run.jit((x: Tensor) => mul(x, 2));
      assertThrows(() => twice(tensor([1])), DeviceError, SILENT);
      assertEquals((await run.read(kept))[0], 2, "what was there before can be read");
    }
    assertEquals(await compute(256, 3), 256);
  },
);

Deno.test("a thread whose part fails is named", options, async () => {
  using _ = withDead("fails");
  await assertRejects(
    () => compute(),
    DeviceError,
    "cpu: expected thread 1 to do its part, it failed",
  );
});

for (const way of ["throws", "silent"]) {
  Deno.test(
    `a thread that ${way} as it starts leaves its part to the others`,
    options,
    async () => {
      using _ = withDead(way);
      const from = performance.now();
      assertEquals(await compute(256, 20), 256);
      assert(performance.now() - from < 9_000);
    },
  );
}

Deno.test(
  "threads that the system does not start leave their parts to the caller",
  options,
  async () => {
    using _ = withWorkers(() => {
      throw new Error("Resource temporarily unavailable (os error 11)");
    });
    assertEquals(await compute(256, 20), 256);
  },
);

Deno.test(
  "fit() that misses a thread says which checkpoint is kept, and goes on",
  options,
  async () => {
    await using at = await folderOf({});
    const net = sequential(flatten, dense(512), relu, dense(512), relu, dense(2));
    const all = {
      ...{ ...setting(), net, params: net.init(key(1), { shape: [1, 4, 4, 1], dtype: "f32" }) },
      ...{ batch: 64, epochs: 10 },
    } as unknown as Options;
    const checkpoint = { folder: at.path, everySteps: 1 };
    const work = async () => {
      using _ = withDead("claims");
      await using run = await open({ device: "cpu", threads: 2 });
      for await (const _ of fit(run, { ...all, checkpoint })) continue;
    };
    const { message } = await assertRejects(work, DeviceError);
    assert(
      /; (the checkpoint of step \d+ is kept, |no checkpoint had been)/.test(message),
      message,
    );
    await using run = await open({ device: "cpu", threads: 1 });
    const rest = await trainTo(run, { ...all, resume: await findCheckpoint(at.path) });
    const whole = await trainTo(run, all);
    assertEquals(rest.weights, whole.weights);
  },
);
