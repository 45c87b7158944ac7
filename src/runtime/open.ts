/**
 * Opens a runtime on a device.
 *
 * @module
 */
import { checkOptions, FLAG, NUMBER, optional, type OptionCheck, TEXT } from "../check_options.ts";
import { chooseDevice, type OpenOptions } from "../device/open.ts";
import { runtimeOn } from "./device_runtime.ts";
import type { Runtime } from "./types.ts";

const OPTIONS: Readonly<Record<keyof OpenOptions, OptionCheck>> = {
  device: optional(TEXT),
  threads: optional(NUMBER),
  winograd: optional(FLAG),
  wide: optional(FLAG),
  native: optional(FLAG),
  tiles: optional(TEXT),
  profile: optional(FLAG),
  memory: optional(NUMBER),
};

/**
 * Opens a runtime on a device. `auto`, the default, uses a hardware GPU if there is one, else the CPU;
 * the runtime's `reason` says why.
 *
 * @throws Error if the requested device is not available; the message says how to get it. RangeError on an
 * unknown name. TypeError on options of another type.
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
  if (typeof options === "string") {
    throw new TypeError(`open: expected options { device: "${options}" }, found "${options}"`);
  }
  checkOptions("open", options, OPTIONS);
  const { device, reason } = await chooseDevice(options);
  return runtimeOn(device, undefined, reason, options.memory);
}
