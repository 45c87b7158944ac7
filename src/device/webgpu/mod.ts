/**
 * Opens the WebGPU device.
 *
 * @module
 */
import type { Data } from "../../host_data.ts";
import { Constants } from "../constants.ts";
import type { Device } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { hasSlowCompiler, isSoftware, requireAdapter } from "./adapter.ts";
import { closedDevices } from "./closed_devices.ts";
import { createDevice, type DeviceParts } from "./device.ts";
import type { AdapterTraits } from "./kernels/adapter_traits.ts";
import { StepTimer } from "./profile/step_timer.ts";
import { Backpressure } from "./run/backpressure.ts";
import { type Buffer, BufferPool } from "./run/buffer_pool.ts";
import type { Context } from "./run/context.ts";
import { Faults } from "./run/faults.ts";
import { PipelineCache } from "./run/pipeline_cache.ts";
import { Readback } from "./run/readback.ts";
import { adapterTraits, hasTimestamps, requestDevice } from "./traits.ts";
import { TileCache, tuningKey } from "./tune/tile_cache.ts";

/** The most storage buffers of a merged shader. */
const MAX_BUFFERS = 64;

/**
 * Opens the platform's high-performance adapter.
 *
 * @param forced Traits that replace the adapter's own, to test kernels for other kinds of adapters on this
 * one.
 * @param profiler If given, the time of each step is added to it.
 * @param tiles The cache of the fastest tiles.
 * @throws Error if there is no adapter or only a software one through OpenGL (the message says what to
 * install), or if a profiler is given and the adapter has no timestamps; DeviceError if the adapter gives no
 * device, or one that is lost at once.
 */
export async function openWebGpu(
  forced: Partial<AdapterTraits> = {},
  profiler?: Profiler,
  tiles?: string,
): Promise<Device> {
  closedDevices.collect();
  const adapter = await requireAdapter();
  if (profiler && !hasTimestamps(adapter)) {
    throw new Error(
      "webgpu: expected an adapter with timestamp-query to profile, found one without",
    );
  }
  const info = adapter.info, software = forced.software ?? isSoftware(info);
  const timestamps = hasTimestamps(adapter) && (profiler !== undefined || !software);
  const gpu = await requestDevice(adapter, timestamps);
  const pool = new BufferPool(gpu), faults = new Faults();
  faults.watch(gpu, pool);
  try {
    const open: OpenGpu = { gpu, pool, faults, info, software, timestamps };
    return createDevice(await faults.during(() => prepare(open, { forced, profiler, tiles })));
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}

/** A device that the adapter has given. */
interface OpenGpu extends Pick<DeviceParts, "faults" | "info" | "timestamps"> {
  readonly gpu: GPUDevice;
  readonly pool: BufferPool;
  readonly software: boolean;
}

/** The arguments of {@linkcode openWebGpu}. */
interface OpenArguments {
  readonly forced: Partial<AdapterTraits>;
  readonly profiler: Profiler | undefined;
  readonly tiles: string | undefined;
}

/** The parts of a device, once its traits are measured and its first buffers are there. */
async function prepare(
  { gpu, pool, faults, info, software, timestamps }: OpenGpu,
  { forced, profiler, tiles }: OpenArguments,
): Promise<DeviceParts> {
  const backpressure = new Backpressure();
  const tileCache = await TileCache.open(tuningKey(info), software ? undefined : tiles);
  const traits = await adapterTraits(gpu, software, (product) => tileCache.get(product), {
    slowCompiler: hasSlowCompiler(info),
    ...forced,
  });
  const readback = new Readback(gpu, undefined, (buffers, bytes) => pool.count(buffers, bytes));
  await readback.prepare();
  const stepTimer = profiler && new StepTimer(gpu, profiler);
  const upload = (data: Data, what: string): Buffer => {
    const buffer = pool.take(data.byteLength, what);
    gpu.queue.writeBuffer(buffer.gpu, 0, data);
    return buffer;
  };
  const context: Context = {
    device: gpu,
    pool,
    constants: new Constants((data) => upload(data, "a constant"), (buffer) => pool.give(buffer)),
    pipelines: new PipelineCache(gpu, faults.report),
    traits,
    buffers: Math.min(MAX_BUFFERS, gpu.limits.maxStorageBuffersPerShaderStage),
    createTimer: stepTimer?.timePlan,
    check: faults.check,
    submitted: () => {
      backpressure.submitted();
      if (backpressure.isFull && faults.within(() => readback.wait())) backpressure.drained();
    },
  };
  return {
    context,
    info,
    timestamps,
    faults,
    backpressure,
    readback,
    stepTimer,
    tileCache,
    upload,
  };
}
