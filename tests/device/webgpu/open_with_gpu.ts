/**
 * A runtime on a GPU, and the GPU device itself, so that tests can harm it.
 *
 * @module
 */
import { open, type Runtime } from "../../../src/runtime/mod.ts";

/** Opens a runtime, and returns it with the GPU device that it opened. */
export async function openWithGpu(): Promise<[Runtime, GPUDevice]> {
  const { requestDevice } = GPUAdapter.prototype;
  let device: GPUDevice | undefined;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    return device = await requestDevice.call(this, descriptor);
  };
  try {
    return [await open({ device: "webgpu" }), device!];
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}
