/**
 * Opens a device by name, and loads its code.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { Profiler } from "./profile.ts";
import { hasHardwareGpu } from "./webgpu/adapter.ts";

/** The names of devices. */
export const DEVICES: readonly DeviceName[] = ["auto", "webgpu", "cpu", "reference"];

/** One of {@linkcode DEVICES}. */
export type DeviceName = "auto" | "webgpu" | "cpu" | "reference";

/** Options of `open`. */
export interface OpenOptions {
  /**
   * `auto`, the default: `webgpu` if there is a hardware GPU, else `cpu`. `webgpu`: the platform's
   * preferred adapter, a software one if there is no other, but no software OpenGL. `cpu`: WebAssembly.
   * `reference`: a slow float64 interpreter.
   */
  readonly device?: DeviceName | undefined;
  /** With `cpu`: the number of threads; the number of processors if left out. */
  readonly threads?: number | undefined;
  /**
   * With `cpu`: whether 3×3 convolutions use Winograd's algorithms where those are faster; true if left
   * out. Their rounding errors are larger: up to 4e-5 of the result's root mean square, compared with 6e-6
   * for direct convolution.
   */
  readonly winograd?: boolean;
  /**
   * With `cpu`: whether to generate code for an engine that fuses pairs of vectors into 256-bit ones, as V8
   * does with `--experimental-wasm-revectorize`; without that flag such code is slower. False if left out.
   */
  readonly wide?: boolean;
  /**
   * With `cpu`: whether matrix products and convolutions run in machine code of their own (AVX-512 or
   * AVX2) instead of WebAssembly; the results have the same bits. True if left out: it is used on x86-64
   * under Linux where Deno has permission for foreign functions (`--allow-ffi` or `-A`), which is never
   * asked for.
   */
  readonly native?: boolean;
  /**
   * With `webgpu`: the file in which {@linkcode Runtime.tune} stores its results, and from which they are
   * loaded if it exists. If left out, or without permission to read and write it, they are kept in memory.
   */
  readonly tiles?: string | undefined;
  /**
   * Whether to measure every kernel's time, for {@linkcode Runtime.profile}; false if left out. Measuring
   * has overhead, most of all on `webgpu`, where each dispatch needs its own pass.
   */
  readonly profile?: boolean;
}

/** Opens a device, loading its code. Throws RangeError on an unknown name, Error if there is none. */
export async function openDevice(
  options: OpenOptions,
): Promise<Device> {
  const { device = "auto", threads, profile = false, winograd = true, wide = false } = options;
  const { native = true, tiles } = options;
  const profiler = profile ? new Profiler() : undefined;
  const webgpu = async () => (await import("./webgpu/mod.ts")).openWebGpu({}, profiler, tiles);
  const features = { winograd: winograd ? "auto" : "off", wide } as const;
  const forced = native ? features : { ...features, native: undefined };
  const cpu = async () => (await import("./cpu/mod.ts")).openCpu(threads, forced, profiler);
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
