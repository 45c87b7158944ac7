/**
 * Both ways of reading back, and what a call costs the queue.
 */
import { assertEquals } from "@std/assert";
import type { Buffer } from "../../../../src/device/webgpu/run/buffer_pool.ts";
import { Readback } from "../../../../src/device/webgpu/run/readback.ts";
import { add, matmul, tanh } from "../../../../src/ops/mod.ts";
import { open } from "../../../../src/runtime/mod.ts";
import type { Tensor } from "../../../../src/tensor.ts";
import { filled, withWebGpu } from "../../../devices.ts";

/** A buffer of the given bytes. */
function bufferOf(device: GPUDevice, id: number, bytes: Uint8Array<ArrayBuffer>): Buffer {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const gpu = device.createBuffer({ size: bytes.length, usage });
  device.queue.writeBuffer(gpu, 0, bytes);
  return { id, gpu, bytes: bytes.length };
}

for (const atOnce of Deno.version.deno === "2.9.6" ? [true, false] : [false]) {
  const way = atOnce ? "at once" : "by waiting";
  withWebGpu(`Readback.read() gives every buffer's bytes ${way}, small and large`, async () => {
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
    const readback = new Readback(device, atOnce);
    await readback.prepare();
    assertEquals(readback.wait(), atOnce);
    const sizes = [4, 12, 5 << 20, 256];
    const contents = sizes.map((n, k) => Uint8Array.from({ length: n }, (_, i) => i * 7 + k));
    const parts = contents.map((bytes, i) => ({
      buffer: bufferOf(device, i, bytes),
      bytes: bytes.length,
    }));
    // Two reads at a time share the staging buffer in turn.
    const [all, last] = await Promise.all([readback.read(parts), readback.read(parts.slice(3))]);
    all.forEach((read, i) => assertEquals(new Uint8Array(read), contents[i]));
    assertEquals(new Uint8Array(last[0]!), contents[3]);
    await readback.settle();
    device.destroy();
  });
}

withWebGpu("jit() submits once a call and makes no bind group or buffer once warm", async () => {
  const counts = { submit: 0, createBindGroup: 0, createBuffer: 0 };
  const { submit } = GPUQueue.prototype, { createBindGroup, createBuffer } = GPUDevice.prototype;
  GPUQueue.prototype.submit = function (commands) {
    counts.submit++;
    return submit.call(this, commands);
  };
  GPUDevice.prototype.createBindGroup = function (descriptor) {
    counts.createBindGroup++;
    return createBindGroup.call(this, descriptor);
  };
  GPUDevice.prototype.createBuffer = function (descriptor) {
    counts.createBuffer++;
    return createBuffer.call(this, descriptor);
  };
  try {
    await using run = await open({ device: "webgpu" });
    const step = run.jit((x: Tensor, w: Tensor) => tanh(add(matmul(x, w), x)), { donate: [0] });
    const w = run.jit((w: Tensor) => add(w, 0))(filled([16, 16], 1));
    let x = step(filled([16, 16], 2), w);
    for (let i = 0; i < 4; i++) x = step(x, w);
    Object.assign(counts, { submit: 0, createBindGroup: 0, createBuffer: 0 });
    x = step(x, w);
    assertEquals(counts, { submit: 1, createBindGroup: 0, createBuffer: 0 });
    for (let i = 0; i < 5; i++) x = step(x, w);
    assertEquals(counts.createBindGroup + counts.createBuffer, 0);
  } finally {
    GPUQueue.prototype.submit = submit;
    Object.assign(GPUDevice.prototype, { createBindGroup, createBuffer });
  }
});
