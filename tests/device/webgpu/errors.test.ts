/**
 * What goes wrong on the device surfaces as an exception that says what to do, or names the op.
 */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { DeviceError } from "../../../src/device/device_error.ts";
import { MemoryError } from "../../../src/device/memory_error.ts";
import { PipelineCache } from "../../../src/device/webgpu/run/pipeline_cache.ts";
import { add, broadcastTo, mul } from "../../../src/ops/mod.ts";
import { open } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { withWebGpu } from "../../devices.ts";
import { openWithGpu } from "./open_with_gpu.ts";

const settle = () => new Promise((done) => setTimeout(done, 50));

Deno.test("open() says what to install where there is no adapter", async () => {
  const program = `import { open } from "${new URL("../../../mod.ts", import.meta.url)}";
    await open({ device: "webgpu" });`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    env: { DENO_WEBGPU_BACKEND: "", NO_COLOR: "1" },
    stderr: "piped",
  }).output();
  assertEquals(code, 1);
  const message = new TextDecoder().decode(stderr);
  assertStringIncludes(message, "expected a GPU adapter, found none");
  assertStringIncludes(message, "apt-get install mesa-vulkan-drivers");
});

Deno.test("open() lists the available devices", async () => {
  await assertRejects(
    () => open({ device: "gpu" as "webgpu" }),
    RangeError,
    "open: expected a device of auto, webgpu, cpu, reference, found gpu",
  );
});

withWebGpu("PipelineCache.get() reports an invalid shader in the name of the op", async () => {
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const errors: Error[] = [];
  const pipelines = new PipelineCache(device, (error) => void errors.push(error));
  pipelines.get("conv2d add maximum", "@compute @workgroup_size(1) fn main() { let x = y; }", []);
  await pipelines.settle();
  assertEquals(errors.length, 1);
  assertStringIncludes(errors[0]!.message, "invalid pipeline for conv2d add maximum");
  device.destroy();
});

withWebGpu("jit() refuses a tensor that the adapter cannot hold, and names its size", async () => {
  await using run = await open({ device: "webgpu" });
  const huge = run.jit((x: Tensor) => broadcastTo(x, [1 << 16, 1 << 15]));
  assertThrows(() => huge(tensor([1])), MemoryError, `found ${2 ** 33} for a result`);
});

withWebGpu("jit() says what to do where the adapter's memory is full", async () => {
  const [run, device] = await openWithGpu();
  const square = run.jit((x: Tensor) => mul(x, x));
  square(tensor([1, 2]));
  const error = new GPUOutOfMemoryError("Not enough memory left.");
  device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
  assertThrows(
    () => square(tensor([1, 2])),
    MemoryError,
    `found ${run.memory().bytes} in ${run.memory().buffers} buffers; use a smaller batch`,
  );
});

withWebGpu("read() throws once the device is lost", async () => {
  const [run, device] = await openWithGpu();
  const twice = run.jit((x: Tensor) => add(x, x));
  const y = twice(tensor([1, 2]));
  device.destroy();
  await settle();
  await assertRejects(() => run.read(y), Error, "the device was lost (destroyed)");
  assertThrows(() => twice(tensor([3, 4])), Error, "the device was lost");
});

withWebGpu(
  "a loop that awaits nothing on a lost device is told of the loss when it reads",
  async () => {
    const [run, device] = await openWithGpu();
    const step = run.jit((x: Tensor) => add(mul(x, 0.5), 1));
    let x = step(tensor([1, 2]));
    device.destroy();
    // More calls than may be in flight, so that one has to wait for the device.
    for (let i = 0; i < 300; i++) x = step(x);
    await assertRejects(() => run.read(x), DeviceError, "webgpu: the device was lost (destroyed)");
    await run[Symbol.asyncDispose]();
  },
);

withWebGpu("fold() on a lost device is told of the loss", async () => {
  const [run, device] = await openWithGpu();
  const xs = Array.from({ length: 300 }, (_, i) => tensor([i]));
  const work = async () => {
    let steps = 0;
    for await (
      const _ of run.fold((sum: Tensor, x: Tensor) => [add(sum, x), []], tensor([0]), xs)
    ) {
      if (++steps === 5) device.destroy();
    }
  };
  await assertRejects(work, DeviceError, "webgpu: the device was lost (destroyed)");
  await run[Symbol.asyncDispose]();
});

withWebGpu("jit() throws what the device reported after an earlier call", async () => {
  const [run, device] = await openWithGpu();
  const square = run.jit((x: Tensor) => mul(x, x));
  square(tensor([1, 2]));
  device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  await settle();
  assertThrows(() => square(tensor([1, 2])), Error, "webgpu:");
});
