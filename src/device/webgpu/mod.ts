/**
 * The WebGPU device.
 *
 * @module
 */
import { buildPlan } from "../../plan/build.ts";
import type { Policy } from "../../plan/plan.ts";
import type { KernelName } from "../../ops/mod.ts";
import { sizeOf } from "../../shape.ts";
import { ARRAYS, type Data } from "../../host_data.ts";
import type { Spec } from "../../spec.ts";
import { Constants } from "../constants.ts";
import type { Device, Graph, Handle } from "../device.ts";
import { MemoryError } from "../memory_error.ts";
import type { Profiler } from "../profile.ts";
import { isSoftware, preferredAdapter, refusalOf } from "./adapter.ts";
import { measurePeak } from "./profile/peak.ts";
import { Choices, circumstances } from "./tune/tile_cache.ts";
import { type Context, executableOf } from "./run/executable.ts";
import { KERNELS } from "./kernels/mod.ts";
import { type Buffer, Pool } from "./run/buffer_pool.ts";
import { Pipelines } from "./run/pipeline_cache.ts";
import { Readback } from "./run/readback.ts";
import { readsZerosOutside } from "./probe.ts";
import type { AdapterTraits } from "./kernels/adapter_traits.ts";
import { tunePlan } from "./tune/tune.ts";

/** Limits that are asked for as large as the adapter has them. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxTextureDimension2D",
  "maxTextureArrayLayers",
] as const;

/** Calls in flight before the next one waits: at least, and at most. */
const QUEUED = { least: 8, most: 64 };
/** Milliseconds of work to aim at between two waits, each of which leaves a GPU idle for a moment. */
const BETWEEN_WAITS = 100;

/**
 * The most workgroups of shaders that run as one: those of one dimension of a dispatch. On a software
 * driver each runs alone: it goes through all branches of a shader, and takes long to compile it.
 */
const MERGED = 65535;
/** The most buffers of shaders that run as one. */
const MAX_BUFFERS = 64;

/** What measures kernels. */
const TIMER = "timestamp-query";

/**
 * Opens the adapter that the platform prefers for speed.
 *
 * @param forced Traits to take instead of the adapter's own, so that kernels meant for another kind of
 * adapter can be tested on this one.
 * @param profiler Given, it is told what each step takes.
 * @param tiles The file in which choices of tiles are kept.
 * @throws Error if there is no adapter or one of software behind OpenGL, and then the message says how to get
 * another, or if there is a profiler and the adapter has no timestamps.
 */
export async function openWebGpu(
  forced: Partial<AdapterTraits> = {},
  profiler?: Profiler,
  tiles?: string,
): Promise<Device> {
  const adapter = await preferredAdapter(), refusal = refusalOf(adapter);
  if (!adapter || refusal !== undefined) throw new Error(refusal);
  if (profiler && !adapter.features.has(TIMER)) {
    throw new Error(`webgpu: expected an adapter with ${TIMER} to profile, found one without`);
  }
  const info = adapter.info, software = forced.software ?? isSoftware(info);
  const timestamps = adapter.features.has(TIMER) && (profiler !== undefined || !software);
  const device = await adapter.requestDevice({
    requiredFeatures: timestamps ? [TIMER] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const pool = new Pool(device);
  const choices = await Choices.open(circumstances(info), software ? undefined : tiles);
  const chosenTile = forced.chosenTile ?? ((product) => choices.get(product));
  const zerosOutside = forced.zerosOutside ?? (software && await readsZerosOutside(device));
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const merged = forced.merged ?? (software ? 0 : MERGED);
  let failure: Error | undefined, closed = false;
  let queued = 0, allowed = QUEUED.least, last = performance.now();
  /** After all work is done: short calls may queue up in greater numbers. */
  const waited = () => {
    const now = performance.now(), wanted = Math.round(queued * BETWEEN_WAITS / (now - last));
    allowed = Math.min(QUEUED.most, Math.max(QUEUED.least, wanted));
    [queued, last] = [0, now];
  };
  const fail = (error: Error) => failure ??= error;
  const check = () => {
    if (failure) throw failure;
    if (closed) throw new Error("webgpu: expected an open device, found a closed one");
  };
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const { error } = event as GPUUncapturedErrorEvent, { buffers, bytes } = pool.memory();
    fail(
      error instanceof GPUOutOfMemoryError
        ? new MemoryError(
          `webgpu: expected no more bytes than the adapter has free, found ${bytes} in ${buffers} buffers`,
        )
        : new Error(`webgpu: ${error.message}`),
    );
  });
  device.lost.then(({ reason, message }) => {
    if (!closed) fail(new Error(`webgpu: the device was lost (${reason}): ${message}`));
  });
  const pipelines = new Pipelines(device, fail);
  const readback = new Readback(device, undefined, (buffers, bytes) => pool.count(buffers, bytes));
  await readback.prepare();
  const policy: Policy = {
    access: (op, argument) => KERNELS[op.name as KernelName].access[argument]!,
    // One binding is left for the result, two for scratch, and a slot may be bound twice.
    maxLoads: Math.max(2, Math.floor(device.limits.maxStorageBuffersPerShaderStage / 2) - 1),
    maxBuffers: device.limits.maxStorageBuffersPerShaderStage,
  };
  const timings = profiler && { profiler, pending: new Set<Promise<void>>() };
  const settle = async () => void await Promise.all(timings?.pending ?? []);
  const upload = (data: Data, what: string): Buffer => {
    const buffer = pool.take(data.byteLength, what);
    device.queue.writeBuffer(buffer.gpu, 0, data);
    return buffer;
  };
  const context: Context = {
    device,
    pool,
    constants: new Constants((data) => upload(data, "a constant"), (buffer) => pool.give(buffer)),
    pipelines,
    traits: {
      software,
      zerosOutside,
      merged,
      chosenTile,
      workgroupBytes: forced.workgroupBytes ?? device.limits.maxComputeWorkgroupStorageSize,
      workgroupThreads: forced.workgroupThreads ?? Math.min(
        device.limits.maxComputeInvocationsPerWorkgroup,
        device.limits.maxComputeWorkgroupSizeX,
      ),
      textures: forced.textures ?? {
        texels: device.limits.maxTextureDimension2D,
        layers: device.limits.maxTextureArrayLayers,
      },
    },
    buffers: Math.min(MAX_BUFFERS, device.limits.maxStorageBuffersPerShaderStage),
    timings,
    timestamps,
    check,
    submitted: () => {
      if (++queued >= allowed && readback.wait()) waited();
    },
  };
  return {
    name: "webgpu",
    description: [info.description || info.device, info.vendor, info.architecture]
      .filter(Boolean).join(", ") || "unnamed adapter",
    roomForData: software ? 0 : largest / 2,
    ...(profiler && {
      profiling: { profiler, settle, peak: () => measurePeak(device, software) },
    }),
    compile: ({ inputs, outputs }: Graph) => {
      check();
      const { plan, constants } = buildPlan(inputs, outputs, policy);
      return {
        ...executableOf(context, plan, constants),
        tune: () => tunePlan(context, plan, choices),
      };
    },
    upload(data: Data): Handle {
      check();
      return upload(data, "host data");
    },
    copy(handle: Handle): Handle {
      check();
      const from = handle as Buffer, to = pool.take(from.bytes, "a copy");
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from.gpu, 0, to.gpu, 0, from.bytes);
      device.queue.submit([encoder.finish()]);
      return to;
    },
    release: (handle: Handle) => {
      if (!closed) pool.give(handle as Buffer);
    },
    async read(handles: readonly Handle[], specs: readonly Spec[]): Promise<Data[]> {
      await pipelines.settle();
      check();
      const parts = handles.map((h, i) => ({
        buffer: h as Buffer,
        bytes: 4 * sizeOf(specs[i]!.shape),
      }));
      const copies = await readback.read(parts);
      if (queued > 0) waited();
      check();
      return copies.map((copy, i) => new ARRAYS[specs[i]!.dtype](copy));
    },
    async throttle(): Promise<void> {
      await pipelines.settle();
      check();
      if (queued < allowed) return;
      await device.queue.onSubmittedWorkDone();
      waited();
    },
    memory: () => pool.memory(),
    async close(): Promise<void> {
      if (closed) return;
      await device.queue.onSubmittedWorkDone();
      await readback.settle();
      await settle();
      closed = true;
      device.destroy();
    },
  };
}
