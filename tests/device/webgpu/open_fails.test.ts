/**
 * A GPU that does not open: the adapter refuses, or its device is lost at once; the next one opens.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { DeviceError } from "../../../src/device/device_error.ts";
import { add } from "../../../src/ops/mod.ts";
import { open } from "../../../src/runtime/mod.ts";
import { tensor } from "../../../src/tensor.ts";
import { withWebGpu } from "../../devices.ts";

type Request = GPUAdapter["requestDevice"];

/** Opens a GPU whose adapter answers requests in another way; what that throws. */
async function failing(replace: (request: () => Promise<GPUDevice>) => Promise<GPUDevice>) {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (...args: Parameters<Request>) {
    return replace(() => requestDevice.apply(this, args));
  };
  try {
    return await assertRejects(() => open({ device: "webgpu" }), DeviceError);
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}

async function opens(): Promise<void> {
  await using run = await open({ device: "webgpu" });
  assertEquals([...await run.read(add(tensor([1, 2]), 1))], [2, 3]);
}

withWebGpu("open() of a GPU whose adapter refuses says why in one line", async () => {
  const { message } = await failing(() => Promise.reject(new TypeError("it is\nbusy")));
  assertEquals(
    message.replace(/"[^"]+"/, "NAME"),
    "webgpu: expected a device of the adapter NAME, found: it is\\nbusy",
  );
  await opens();
});

withWebGpu("open() of a GPU that is lost at once says so in one line", async () => {
  const { message } = await failing(async (request) => {
    const device = await request();
    device.destroy();
    return device;
  });
  assertEquals(message.split(" (")[0], "webgpu: the device was lost");
  assertEquals(message.includes("\n"), false);
  await opens();
});

withWebGpu("open() of a GPU that is lost while it is prepared says so in one line", async () => {
  const { message } = await failing(async (request) => {
    const device = await request(), { createShaderModule } = device;
    device.createShaderModule = (descriptor) => {
      device.destroy();
      return createShaderModule.call(device, descriptor);
    };
    return device;
  });
  assertEquals(message.split(" (")[0], "webgpu: the device was lost");
  await opens();
});
