/**
 * Choosing a device.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { openReference } from "./reference/mod.ts";
import { openWebGpu } from "./webgpu/mod.ts";

/** The devices that can be asked for by name. */
export const DEVICES: readonly DeviceName[] = ["auto", "webgpu", "reference"];

/** One of {@linkcode DEVICES}. */
export type DeviceName = "auto" | "webgpu" | "reference";

/** Options of `open`. */
export interface OpenOptions {
  /** `auto` (the default), `webgpu`, or `reference`: a slow float64 interpreter. */
  readonly device?: DeviceName;
}

/** Opens a device. Throws RangeError on an unknown name, Error if there is none. */
export async function openDevice({ device = "auto" }: OpenOptions): Promise<Device> {
  switch (device) {
    case "auto":
    case "webgpu":
      return await openWebGpu();
    case "reference":
      return openReference();
    default:
      throw new RangeError(`open: expected a device of ${DEVICES.join(", ")}, found ${device}`);
  }
}
