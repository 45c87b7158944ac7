/**
 * Choosing a device.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { openCpu } from "./cpu/mod.ts";
import { openReference } from "./reference/mod.ts";
import { hasHardwareGpu, openWebGpu } from "./webgpu/mod.ts";

/** The devices that can be asked for by name. */
export const DEVICES: readonly DeviceName[] = ["auto", "webgpu", "cpu", "reference"];

/** One of {@linkcode DEVICES}. */
export type DeviceName = "auto" | "webgpu" | "cpu" | "reference";

/** Options of `open`. */
export interface OpenOptions {
  /**
   * `auto`, the default: `webgpu` if there is a hardware GPU, else `cpu`. `webgpu`: the adapter that the
   * platform prefers, a software one if there is no other. `cpu`: WebAssembly. `reference`: a slow float64
   * interpreter.
   */
  readonly device?: DeviceName;
  /** With `cpu`: how many threads compute; as many as the machine has processors if left out. */
  readonly threads?: number;
}

/** Opens a device. Throws RangeError on an unknown name, Error if there is none. */
export async function openDevice({ device = "auto", threads }: OpenOptions): Promise<Device> {
  switch (device) {
    case "auto":
      return await hasHardwareGpu() ? await openWebGpu() : openCpu(threads);
    case "webgpu":
      return await openWebGpu();
    case "cpu":
      return openCpu(threads);
    case "reference":
      return openReference();
    default:
      throw new RangeError(`open: expected a device of ${DEVICES.join(", ")}, found ${device}`);
  }
}
