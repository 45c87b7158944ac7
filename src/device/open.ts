/**
 * Opens a device by name, and loads its code.
 *
 * @module
 */
import type { Device } from "./device.ts";
import { Profiler } from "./profile.ts";
import { findGpu } from "./webgpu/find_gpu.ts";

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
  /**
   * The most bytes that its buffers may take; what the system has free at the time if left out, on a device in
   * host memory. What needs more is refused before anything is allocated; with Infinity nothing is.
   */
  readonly memory?: number | undefined;
}

/** An open device, and why it is this one. */
export interface ChosenDevice {
  readonly device: Device;
  /** `asked for`, or what `auto` found. */
  readonly reason: string;
}

const ASKED_FOR = "asked for";

const messageOf = (error: unknown): string => error instanceof Error ? error.message : `${error}`;

/**
 * Opens a hardware GPU if there is one, else the CPU: also where the GPU cannot be opened, unless it is to be
 * profiled.
 */
async function openBest(
  webgpu: () => Promise<Device>,
  cpu: () => Promise<Device>,
  profile: boolean,
): Promise<ChosenDevice> {
  const { isHardware, words } = await findGpu();
  if (!isHardware) return { device: await cpu(), reason: words };
  try {
    return { device: await webgpu(), reason: words };
  } catch (error) {
    if (profile) throw error;
    return { device: await cpu(), reason: `${words}, which does not open: ${messageOf(error)}` };
  }
}

/** Opens a device, loading its code. Throws RangeError on an unknown name, Error if there is none. */
export async function chooseDevice(options: OpenOptions): Promise<ChosenDevice> {
  const { device = "auto", threads, profile = false, winograd = true, wide = false } = options;
  const { native = true, tiles } = options;
  const profiler = profile ? new Profiler() : undefined;
  const webgpu = async () => (await import("./webgpu/mod.ts")).openWebGpu({}, profiler, tiles);
  const features = { winograd: winograd ? "auto" : "off", wide } as const;
  const forced = native ? features : { ...features, native: undefined };
  const cpu = async () => (await import("./cpu/mod.ts")).openCpu(threads, forced, profiler);
  const asked = (device: Device): ChosenDevice => ({ device, reason: ASKED_FOR });
  switch (device) {
    case "auto":
      return await openBest(webgpu, cpu, profile);
    case "webgpu":
      return asked(await webgpu());
    case "cpu":
      return asked(await cpu());
    case "reference":
      return asked((await import("./reference/mod.ts")).openReference(profiler));
    default:
      throw new RangeError(`open: expected a device of ${DEVICES.join(", ")}, found ${device}`);
  }
}

/** The device that {@linkcode chooseDevice} opens. */
export const openDevice = async (options: OpenOptions): Promise<Device> =>
  (await chooseDevice(options)).device;
