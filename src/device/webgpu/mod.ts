/**
 * The WebGPU device.
 *
 * @module
 */
import { buildPlan } from "../../plan/build.ts";
import type { Policy } from "../../plan/plan.ts";
import type { KernelName } from "../../ops/mod.ts";
import { sizeOf } from "../../shape.ts";
import { ARRAYS, type Data, type Spec } from "../../tensor.ts";
import type { Device, Graph, Handle } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { ceilingsOf } from "./ceilings.ts";
import { type Context, executableOf } from "./executable.ts";
import { KERNELS } from "./kernels/mod.ts";
import { type Buffer, Pool } from "./memory.ts";
import { Pipelines } from "./pipelines.ts";
import { Readback } from "./readback.ts";
import { readsZerosOutside } from "./probe.ts";
import type { AdapterTraits } from "./program.ts";

/** How to get an adapter, for the error where there is none. */
const HELP =
  "webgpu: expected a GPU adapter, found none. On Linux install a Vulkan driver: the GPU's own, " +
  "or the software one (Debian, Ubuntu: apt-get install mesa-vulkan-drivers; Fedora: dnf install " +
  "mesa-vulkan-drivers; Arch: pacman -S vulkan-swrast). `sh setup.sh` does this where it can.";

/** Limits that are asked for as large as the adapter has them. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** The most calls in flight before the next one waits. */
const MAX_QUEUED = 8;

/** What measures kernels. */
const TIMER = "timestamp-query";

/** Vendor numbers and names of software drivers. */
const isSoftware = (info: GPUAdapterInfo) =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader/i.test(`${info.description} ${info.device}`);

const adapterOf = () => navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });

/** Whether there is a GPU that is not a CPU in disguise. */
export async function hasHardwareGpu(): Promise<boolean> {
  const adapter = await adapterOf();
  return adapter ? !isSoftware(adapter.info) : false;
}

/**
 * Opens the adapter that the platform prefers for speed.
 *
 * @param forced Traits to take instead of the adapter's own, so that kernels meant for another kind of
 * adapter can be tested on this one.
 * @param profiler Given, it is told what each step takes.
 * @throws Error if there is no adapter, and then the message says how to get one, or if there is a profiler
 * and the adapter has no timestamps.
 */
export async function openWebGpu(
  forced: Partial<AdapterTraits> = {},
  profiler?: Profiler,
): Promise<Device> {
  const adapter = await adapterOf();
  if (!adapter) throw new Error(HELP);
  if (profiler && !adapter.features.has(TIMER)) {
    throw new Error(`webgpu: expected an adapter with ${TIMER} to profile, found one without`);
  }
  const device = await adapter.requestDevice({
    requiredFeatures: profiler ? [TIMER] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const info = adapter.info, software = forced.software ?? isSoftware(info);
  const zerosOutside = forced.zerosOutside ?? (software && await readsZerosOutside(device));
  let failure: Error | undefined, closed = false, queued = 0;
  const fail = (error: Error) => failure ??= error;
  const check = () => {
    if (failure) throw failure;
    if (closed) throw new Error("webgpu: expected an open device, found a closed one");
  };
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    fail(new Error(`webgpu: ${(event as GPUUncapturedErrorEvent).error.message}`));
  });
  device.lost.then(({ reason, message }) => {
    if (!closed) fail(new Error(`webgpu: the device was lost (${reason}): ${message}`));
  });
  const pool = new Pool(device), pipelines = new Pipelines(device, fail);
  const readback = new Readback(device);
  await readback.prepare();
  const policy: Policy = {
    access: (op, argument) => KERNELS[op.name as KernelName].access[argument],
    // One binding is left for the result, two for scratch, and a slot may be bound twice.
    maxLoads: Math.max(2, Math.floor(device.limits.maxStorageBuffersPerShaderStage / 2) - 1),
  };
  const timings = profiler && { profiler, pending: new Set<Promise<void>>() };
  const settle = async () => void await Promise.all(timings?.pending ?? []);
  const context: Context = {
    device,
    pool,
    pipelines,
    traits: { software, zerosOutside },
    timings,
    check,
    submitted: () => {
      if (++queued >= MAX_QUEUED && readback.wait()) queued = 0;
    },
  };
  return {
    name: "webgpu",
    description: [info.description || info.device, info.vendor, info.architecture]
      .filter(Boolean).join(", ") || "unnamed adapter",
    ...(profiler && {
      profiling: { profiler, settle, ceilings: () => ceilingsOf(device, software) },
    }),
    compile: ({ inputs, outputs }: Graph) => {
      check();
      const { plan, constants } = buildPlan(inputs, outputs, policy);
      return executableOf(context, plan, constants);
    },
    upload(data: Data): Handle {
      check();
      const buffer = pool.take(data.byteLength, "host data");
      device.queue.writeBuffer(buffer.gpu, 0, data);
      return buffer;
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
        bytes: 4 * sizeOf(specs[i].shape),
      }));
      const copies = await readback.read(parts);
      queued = 0;
      check();
      return copies.map((copy, i) => new ARRAYS[specs[i].dtype](copy));
    },
    async throttle(): Promise<void> {
      await pipelines.settle();
      check();
      if (queued < MAX_QUEUED) return;
      queued = 0;
      await device.queue.onSubmittedWorkDone();
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
