/**
 * Choosing a device.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { openReference } from "./reference/mod.ts";
import { openWebGpu } from "./webgpu/mod.ts";

/** The devices that can be asked for by name. */
export const DEVICES = ["auto", "webgpu", "reference"] as const;

/** Options of `open`. */
export interface OpenOptions {
  /** `auto` (the default), `webgpu`, or `reference`: a slow float64 interpreter. */
  readonly device?: (typeof DEVICES)[number];
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
