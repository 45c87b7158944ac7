/**
 * The CPU device: plans compiled to WebAssembly SIMD modules over one shared memory, run by worker threads.
 *
 * @module
 */
import type { KernelName } from "../../ops/mod.ts";
import { buildPlan } from "../../plan/build.ts";
import type { Policy } from "../../plan/plan.ts";
import { ARRAYS, type Data } from "../../host_data.ts";
import { sizeOf } from "../../shape.ts";
import type { Spec } from "../../spec.ts";
import { Constants } from "../constants.ts";
import type { Device, Graph, Handle } from "../device.ts";
import type { Profiler } from "../profile.ts";
import { processorCount } from "../../platform/processors.ts";
import { measurePeak } from "./peak.ts";
import { KernelCache } from "./compile.ts";
import { compilePlan, type CpuContext } from "./executable.ts";
import { viewTogether } from "./output_parts.ts";
import { detectFeatures, type Features } from "./features.ts";
import { loadNative } from "./native/mod.ts";
import { argumentsAddress, CONTROL_BYTES, MAX_WORKERS } from "./threads/control_block.ts";
import { NATIVE_TRANSFORMS } from "./kernels/conv/winograd/native_transforms.ts";
import { KERNELS } from "./kernels/mod.ts";
import { Arena, type Block, PAGE } from "./arena.ts";
import { MOST_THREADS } from "./threads/most_threads.ts";
import { WorkerPool } from "./threads/worker_pool.ts";
import { whyNoWorkers } from "./threads/workers.ts";

/** The most slots that one step may read; address tables have no limit, but code that reads many is slow. */
const MAX_LOADS = 32;

/** The most slots that one step may bind, each that it reads counted twice. */
const MAX_BUFFERS = 2 * MAX_LOADS + 16;

/** The number of threads, and why there is one where the platform has no more. */
function describeThreads(threads: number, shared: boolean): string {
  if (threads > 1) return `${threads} threads`;
  const why = shared ? undefined : whyNoWorkers();
  return why === undefined ? "1 thread" : `1 thread (${why})`;
}

/** The device's description, with everything that its results or its speed depend on. */
function describe({ madd, wide, winograd, native, shared }: Features, threads: number): string {
  const vectors = `WebAssembly ${madd ? "relaxed " : ""}SIMD${wide ? " in pairs" : ""}`;
  const ways = winograd === "auto" ? "" : winograd === "off" ? ", no Winograd" : `, ${winograd}`;
  const products = native ? `, ${native} products` : "";
  return `${vectors}${products}, ${describeThreads(threads, shared)}${ways}`;
}

/** The native code that features ask for; undefined for none, and where the system refuses it. */
function loadNativeFor(
  { native, madd, shared }: Features,
  memory: WebAssembly.Memory,
  threads: number,
) {
  if (!native || !madd || !shared) return undefined;
  try {
    const length = Math.min(threads, MAX_WORKERS + 1);
    const blocks = Array.from({ length }, (_, thread) => argumentsAddress(thread));
    return loadNative(native, memory, blocks, NATIVE_TRANSFORMS);
  } catch {
    return undefined;
  }
}

/**
 * Opens the CPU device.
 *
 * @param threads The number of threads; the number of processors if left out, and 1 without shared memory.
 * Results do not depend on it.
 * @param forced Features to assume instead of the detected ones, to test code for other engines.
 * @param profiler If given, it records the time of each step.
 * @throws RangeError unless `threads` is an integer from 1 to {@linkcode MOST_THREADS}.
 */
export function openCpu(
  threads: number = processorCount(),
  forced: Partial<Features> = {},
  profiler?: Profiler,
): Device {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new RangeError(
      `open: expected threads to be an integer from 1 to ${MOST_THREADS}, found ${threads}`,
    );
  }
  const wanted = { ...detectFeatures(), ...forced };
  const arena = new Arena(wanted.shared, CONTROL_BYTES);
  const count = wanted.shared ? threads : 1;
  const native = loadNativeFor(wanted, arena.memory, count);
  const features: Features = { ...wanted, native: native && wanted.native };
  const pool = new WorkerPool(arena, count, native);
  let closed = false;
  const check = () => {
    if (closed) throw new Error("cpu: expected an open device, found a closed one");
  };
  const policy: Policy = {
    access: (op, argument) => KERNELS[op.name as KernelName].access[argument]!,
    maxLoads: MAX_LOADS,
    maxBuffers: MAX_BUFFERS,
  };
  const upload = (data: Data, what: string): Block => {
    const block = arena.allocate(data.byteLength, what);
    arena.bytes(block.address, data.byteLength).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
    return block;
  };
  const constants = new Constants<Block>(
    (data) => upload(data, "a constant"),
    (block) => arena.free(block),
  );
  const kernels = new KernelCache(pool);
  const context: CpuContext = {
    arena,
    constants,
    features,
    pool,
    kernels,
    profiler,
    check,
    upload,
  };
  return {
    name: "cpu",
    description: describe(features, count),
    roomForData: 0,
    limits: { total: arena.maximum * PAGE, isHost: true, keepsBuffers: false, reading: 0 },
    ...(profiler && {
      profiling: {
        profiler,
        settle: () => Promise.resolve(),
        peak: () => measurePeak(context, count),
      },
    }),
    compile({ inputs, outputs, parts = [] }: Graph) {
      check();
      return compilePlan(context, buildPlan(inputs, outputs, policy), parts);
    },
    upload(data: Data): Handle {
      check();
      return upload(data, "host data");
    },
    copy(handle: Handle): Handle {
      check();
      const from = handle as Block, to = arena.allocate(from.bytes, "a copy");
      arena.bytes(to.address, to.bytes).set(arena.bytes(from.address, from.bytes));
      return to;
    },
    release: (handle: Handle) => {
      if (!closed) arena.free(handle as Block);
    },
    async read(handles: readonly Handle[], specs: readonly Spec[]): Promise<Data[]> {
      check();
      await pool.settle();
      return handles.map((handle, i) => {
        const bytes = arena.bytes((handle as Block).address, 4 * sizeOf(specs[i]!.shape)).slice();
        return new ARRAYS[specs[i]!.dtype](bytes.buffer);
      });
    },
    view(handles: readonly Handle[], specs: readonly Spec[]): Data | undefined {
      check();
      return viewTogether(arena, handles as readonly Block[], specs);
    },
    throttle: () => pool.settle(),
    memory: () => arena.state(),
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      await pool.close();
    },
  };
}
