/**
 * Choosing a device.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { Profiler } from "./profile.ts";
import { hasHardwareGpu } from "./webgpu/adapter.ts";

/** The devices that can be asked for by name. */
export const DEVICES: readonly DeviceName[] = ["auto", "webgpu", "cpu", "reference"];

/** One of {@linkcode DEVICES}. */
export type DeviceName = "auto" | "webgpu" | "cpu" | "reference";

/** Options of `open`. */
export interface OpenOptions {
  /**
   * `auto`, the default: `webgpu` if there is a hardware GPU, else `cpu`. `webgpu`: the adapter that the
   * platform prefers, a software one if there is no other, but not software behind OpenGL. `cpu`:
   * WebAssembly. `reference`: a slow float64 interpreter.
   */
  readonly device?: DeviceName | undefined;
  /** With `cpu`: how many threads compute; as many as the machine has processors if left out. */
  readonly threads?: number | undefined;
  /**
   * With `cpu`: whether 3×3 convolutions are computed by Winograd's algorithms where those are faster; true
   * if left out. They round more: against float64, a result is off by up to 4e-5 of the root of the mean
   * square, where direct convolution is by 6e-6.
   */
  readonly winograd?: boolean;
  /**
   * With `cpu`: code for an engine that makes one instruction of two neighboring vectors, as V8 does with
   * `--experimental-wasm-revectorize`; without that flag it is slower. False if left out.
   */
  readonly wide?: boolean;
  /**
   * With `webgpu`: the file that {@linkcode Runtime.tune} keeps its findings in; they are taken from it if
   * it is there. Without, and without permission to read and write it, they are kept in memory.
   */
  readonly tiles?: string | undefined;
  /**
   * Whether every kernel's time is measured, for {@linkcode Runtime.profile}; false if left out. Measuring
   * takes time itself, on `webgpu` the most: there each dispatch gets a pass of its own.
   */
  readonly profile?: boolean;
}

/** Opens a device, whose code is loaded now. Throws RangeError on an unknown name, Error if there is none. */
export async function openDevice(
  { device = "auto", threads, profile = false, winograd = true, wide = false, tiles }: OpenOptions,
): Promise<Device> {
  const profiler = profile ? new Profiler() : undefined;
  const webgpu = async () => (await import("./webgpu/mod.ts")).openWebGpu({}, profiler, tiles);
  const cpu = async () =>
    (await import("./cpu/mod.ts"))
      .openCpu(threads, { winograd: winograd ? "auto" : "off", wide }, profiler);
  switch (device) {
    case "auto":
      return await hasHardwareGpu() ? webgpu() : cpu();
    case "webgpu":
      return webgpu();
    case "cpu":
      return cpu();
    case "reference":
      return (await import("./reference/mod.ts")).openReference(profiler);
    default:
      throw new RangeError(`open: expected a device of ${DEVICES.join(", ")}, found ${device}`);
  }
}
