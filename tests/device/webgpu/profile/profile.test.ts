/**
 * Profiles of the WebGPU device: every dispatch is timed, with the copies that it needs.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Profiler } from "../../../../src/device/profile.ts";
import { openWebGpu } from "../../../../src/device/webgpu/mod.ts";
import { Timestamps } from "../../../../src/device/webgpu/profile/timestamps.ts";
import { add, conv2d, maxPool2d, sum } from "../../../../src/ops/mod.ts";
import { open, runtimeOn } from "../../../../src/runtime/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { filled, noWebGpu } from "../../../devices.ts";

const adapter = noWebGpu === undefined ? await navigator.gpu.requestAdapter() : null;
const ignore = !adapter?.features.has("timestamp-query");
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, ignore, sanitizeOps: false, sanitizeResources: false });

const f = (x: Tensor, w: Tensor) => sum(maxPool2d(add(conv2d(x, w, { padding: 1 }), 1), 2));
const args = [filled([4, 16, 16, 16], 1), filled([3, 3, 16, 32], 2)] as const;

for (const software of [true, false]) {
  const kind = software ? "software" : "hardware";
  test(`profile() times every dispatch as on a ${kind} adapter`, async () => {
    await using plain = runtimeOn(await openWebGpu({ software }));
    const [[expected]] = await plain.read([plain.jit(f)(...args)]);
    await using run = runtimeOn(await openWebGpu({ software }, new Profiler()));
    const call = run.jit(f);
    const results = [call(...args), call(...args), call(...args)];
    // Nothing was read: profile() itself waits.
    const { kernels, ms } = await run.profile();
    assertEquals((await run.read(results)).map(([value]) => value), [expected, expected, expected]);
    const dispatches = Number(/(\d+) dispatch/.exec(run.explain(f, ...args))![1]);
    assertEquals(kernels.reduce((all, row) => all + row.passes, 0), 3 * dispatches);
    assert(kernels.every(({ calls }) => calls === 3) && kernels.every(({ ms }) => ms >= 0));
    assert(kernels[0]!.ms > 0 && ms > 0);
  });
}

test("profile() includes the runs of plans that were released", async () => {
  await using run = runtimeOn(await openWebGpu({}, new Profiler()));
  // More shapes than a runtime keeps plans for.
  for (let n = 1; n <= 80; n++) run.jit((x: Tensor) => add(x, 1))(filled([n]));
  const { kernels } = await run.profile();
  assertEquals(kernels.length, 80);
  assert(kernels.every(({ calls, passes }) => calls === 1 && passes === 1));
});

test("Timestamps give more timings than one query set holds, in order", async () => {
  const device = await adapter!.requestDevice({ requiredFeatures: ["timestamp-query"] });
  const count = 2500, timestamps = new Timestamps(device, count);
  const encoder = device.createCommandEncoder();
  for (let i = 0; i < count; i++) {
    encoder.beginComputePass({ timestampWrites: timestamps.writes(i, true, true) }).end();
  }
  const read = timestamps.resolve(encoder);
  device.queue.submit([encoder.finish()]);
  let times = new Float64Array(0);
  await read((ms) => times = Float64Array.from(ms));
  assertEquals(times.length, count);
  assert(times.every((ms) => ms >= 0 && ms < 1000), `found ${Math.max(...times)} ms`);
  await timestamps.dispose();
  device.destroy();
});

test("open() rejects profiling on an adapter without timestamps", async () => {
  const features = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "features")!;
  Object.defineProperty(GPUAdapter.prototype, "features", { ...features, get: () => new Set() });
  try {
    await assertRejects(
      () => open({ device: "webgpu", profile: true }),
      Error,
      "webgpu: expected an adapter with timestamp-query to profile, found one without",
    );
    await using run = await open({ device: "webgpu" });
    assertEquals(run.device, "webgpu");
  } finally {
    Object.defineProperty(GPUAdapter.prototype, "features", features);
  }
});
