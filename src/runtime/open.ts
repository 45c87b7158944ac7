/**
 * Opens a runtime on a device.
 *
 * @module
 */
import { chooseDevice, type OpenOptions } from "../device/open.ts";
import { runtimeOn } from "./device_runtime.ts";
import type { Runtime } from "./types.ts";

/**
 * Opens a runtime on a device. `auto`, the default, uses a hardware GPU if there is one, else the CPU;
 * the runtime's `reason` says why.
 *
 * @throws Error if the requested device is not available; the message says how to get it. RangeError on an
 * unknown name.
 *
 * @example
 * ```ts
 * import { open, ops, type Tensor, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "cpu" });
 * const square = run.jit((x: Tensor) => ops.mul(x, x));
 * console.assert((await run.read(square(tensor([1, 2, 3])))).join() === "1,4,9");
 * ```
 */
export async function open(options: OpenOptions = {}): Promise<Runtime> {
  const { device, reason } = await chooseDevice(options);
  return runtimeOn(device, undefined, reason);
}
