/**
 * The WebGPU device's implementation of `Device`: transfer, compilation, runs and release of handles.
 *
 * @module
 */
import { ARRAYS, type Data } from "../../host_data.ts";
import type { KernelName } from "../../ops/mod.ts";
import { buildPlan } from "../../plan/build.ts";
import type { Policy } from "../../plan/plan.ts";
import { settledWithin } from "../../platform/settled_within.ts";
import { sizeOf } from "../../shape.ts";
import type { Spec } from "../../spec.ts";
import type { Device, Executable, Graph, Handle } from "../device.ts";
import type { Profiling } from "../profile.ts";
import { closedDevices } from "./closed_devices.ts";
import { WEBGPU_KERNELS } from "./kernels/mod.ts";
import { measurePeak } from "./profile/peak.ts";
import type { StepTimer } from "./profile/step_timer.ts";
import type { Backpressure } from "./run/backpressure.ts";
import type { Buffer } from "./run/buffer_pool.ts";
import type { Context } from "./run/context.ts";
import { createExecutable } from "./run/executable.ts";
import type { Faults } from "./run/faults.ts";
import { LEAST_READING, type Readback } from "./run/readback.ts";
import { largestBuffer } from "./traits.ts";
import type { TileCache } from "./tune/tile_cache.ts";
import { tunePlan } from "./tune/tune.ts";

/** The parts of a device. */
export interface DeviceParts {
  readonly context: Context;
  readonly info: GPUAdapterInfo;
  /** Whether compute passes can be timed. */
  readonly timestamps: boolean;
  readonly faults: Faults;
  readonly backpressure: Backpressure;
  readonly readback: Readback;
  /** Given, steps are timed. */
  readonly stepTimer: StepTimer | undefined;
  readonly tileCache: TileCache;
  /** Copies host data into a buffer; `what` says what it is for, for errors. */
  upload(data: Data, what: string): Buffer;
}

/** Builds a device from its parts. */
export function createDevice(parts: DeviceParts): Device {
  const { context, info, faults, stepTimer } = parts, { device: gpu, pool } = context;
  const { software } = context.traits, policy = planningPolicy(gpu.limits);
  return {
    name: "webgpu",
    description: describe(info),
    roomForData: software ? 0 : largestBuffer(gpu) / 2,
    limits: {
      buffer: largestBuffer(gpu),
      isHost: software,
      keepsBuffers: true,
      reading: LEAST_READING,
    },
    ...(stepTimer && { profiling: createProfiling(stepTimer, gpu, software) }),
    compile: (graph) => compile(parts, policy, graph),
    upload(data) {
      faults.check();
      return parts.upload(data, "host data");
    },
    copy(handle) {
      faults.check();
      return copyBuffer(context, handle as Buffer);
    },
    release(handle) {
      if (!faults.isClosed) pool.give(handle as Buffer);
    },
    read: (handles, specs) => read(parts, handles, specs),
    throttle: () => throttle(parts),
    memory: () => pool.memory(),
    close: () => close(parts),
  };
}

/** The adapter's description. */
const describe = ({ description, device, vendor, architecture }: GPUAdapterInfo): string =>
  [description || device, vendor, architecture].filter(Boolean).join(", ") || "unnamed adapter";

/** The limits on fusion for a device. */
const planningPolicy = ({ maxStorageBuffersPerShaderStage: most }: GPUSupportedLimits): Policy => ({
  access: (op, argument) => WEBGPU_KERNELS[op.name as KernelName].access[argument]!,
  // One binding is reserved for the result, two for scratch, and a slot may be bound twice.
  maxLoads: Math.max(2, Math.floor(most / 2) - 1),
  maxBuffers: most,
});

const createProfiling = (timer: StepTimer, gpu: GPUDevice, software: boolean): Profiling => ({
  profiler: timer.profiler,
  settle: () => timer.settle(),
  peak: () => measurePeak(gpu, software),
});

function compile(
  { context, faults, tileCache, timestamps }: DeviceParts,
  policy: Policy,
  { inputs, outputs }: Graph,
): Executable {
  faults.check();
  const { plan, constants } = buildPlan(inputs, outputs, policy);
  return {
    ...createExecutable(context, plan, constants),
    tune: () => tunePlan(context, plan, tileCache, timestamps),
  };
}

/** Copies a buffer on the device. */
function copyBuffer({ device, pool }: Context, from: Buffer): Buffer {
  const to = pool.take(from.bytes, "a copy");
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from.gpu, 0, to.gpu, 0, from.bytes);
  device.queue.submit([encoder.finish()]);
  return to;
}

/** Reads the elements of every handle, in one read-back. */
async function read(
  { context, faults, backpressure, readback }: DeviceParts,
  handles: readonly Handle[],
  specs: readonly Spec[],
): Promise<Data[]> {
  await context.pipelines.settle();
  faults.check();
  const parts = handles.map((handle, i) => ({
    buffer: handle as Buffer,
    bytes: 4 * sizeOf(specs[i]!.shape),
  }));
  const copies = await faults.during(() => readback.read(parts));
  if (backpressure.isBusy) backpressure.drained();
  return copies.map((copy, i) => new ARRAYS[specs[i]!.dtype](copy));
}

/** Waits where too many calls are in flight. */
async function throttle({ context, faults, backpressure }: DeviceParts): Promise<void> {
  await context.pipelines.settle();
  faults.check();
  if (!backpressure.isFull) return;
  await faults.during(async () => await context.device.queue.onSubmittedWorkDone());
  backpressure.drained();
}

/** Milliseconds that the work of a device that has failed is awaited. */
const LAST_WORK = 10_000;

/** Closes the device once all its work is done; one that has failed may never finish. */
async function close({ context, faults, readback, stepTimer }: DeviceParts): Promise<void> {
  if (faults.isClosed) return;
  // The driver ends the program if a queue that still works is collected.
  const done = context.device.queue.onSubmittedWorkDone().catch(() => {});
  if (faults.hasFailed) {
    await settledWithin(done, LAST_WORK);
  } else {
    await done;
    await readback.settle();
    await stepTimer?.settle();
  }
  faults.close();
  context.device.destroy();
  closedDevices.add();
}
