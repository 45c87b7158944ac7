/**
 * The interface between the runtime and a device, which compiles and runs graphs and owns memory.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import type { Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import type { Profiling } from "./profile.ts";

/** A buffer in a device's memory that holds one tensor's elements. */
export interface Handle {
  readonly bytes: number;
  /** The driver's overhead in bytes, about. */
  readonly overhead?: number;
}

/** A graph to compile. */
export interface Graph {
  /** Tensors given at each call, in order, at which the graph ends. */
  readonly inputs: readonly Tensor[];
  /** Tensors to compute, distinct, none of them an input. Host data in the graph is a constant. */
  readonly outputs: readonly Tensor[];
  /**
   * Outputs, by index, that a device whose memory the host shares lays one after another in memory, as
   * `packedOffsets` says, part after part; they have one element type.
   */
  readonly parts?: readonly (readonly number[])[];
}

/** Host code that is called while a plan runs, by devices whose memory the host shares. */
export interface RunObserver {
  /**
   * The tensors of a part, the parts in order, have their final elements, and the plan no longer reads them:
   * `elements` are all of them in the device's memory, and may be changed from now on.
   */
  final(part: number, elements: Data): void;
  /** Called often, between kernels. */
  between(): void;
}

/** A kernel with several variants, and the time of each. */
export interface Tuned {
  /** The kernel, by its op and sizes. */
  readonly product: string;
  /** The variants by name, fastest first; the fastest is used from now on. */
  readonly trials: readonly { readonly tile: string; readonly ms: number }[];
  /** GFLOP/s of the fastest variant. */
  readonly gflops: number;
}

/** Bytes on a device that one run of a compiled graph needs. */
export interface GraphMemory {
  /** Of each input, in order. */
  readonly inputs: readonly number[];
  /** Of each output, in order. */
  readonly outputs: readonly number[];
  /** Of each buffer for temporary values; runs share them. */
  readonly temporaries: readonly number[];
  /** Of what is kept between runs: constants, tables and parameters of kernels. */
  readonly kept: number;
  /** Of what is kept between runs and shared with other graphs, by its name; the largest use of a name counts. */
  readonly shared: Readonly<Record<string, number>>;
}

/** A compiled graph. It takes no memory of the device before its first run. */
export interface Executable {
  /** Bytes of the constants that it keeps on the device. */
  readonly bytes: number;
  /** What a run needs; constants that it shares with other graphs count in each. */
  readonly memory: GraphMemory;
  /** Runs once: a handle or host data for each input, a new handle for each output. */
  run(inputs: readonly (Handle | Data)[], observer?: RunObserver): Handle[];
  /** The kernels, one per line, with sizes and costs. */
  explain(): string;
  /** Finds the fastest variant of each kernel that has several, for executables compiled from now on. */
  tune?(): Promise<readonly Tuned[]>;
  /** Releases everything that the executable owns. */
  dispose(): void;
}

/** Memory that a device has allocated, in use or pooled. */
export interface DeviceMemory {
  readonly buffers: number;
  readonly bytes: number;
  /** The bytes that are not in use now. */
  readonly free: number;
  /** The bytes for temporary values that graphs share, which are in use. */
  readonly temporary: number;
}

/** The most bytes that a device can hold, as far as it is known. */
export interface DeviceLimits {
  /** In one buffer. */
  readonly buffer?: number;
  /** In all buffers. */
  readonly total?: number;
  /** Whether buffers are in the host's memory. */
  readonly isHost: boolean;
  /** Whether graphs keep buffers for temporary values, and for inputs in host memory, between runs. */
  readonly keepsBuffers: boolean;
  /** Bytes of the buffers with which a few numbers are read. */
  readonly reading: number;
}

/** A device. Calls execute in order; asynchronous failures are thrown by the next call. */
export interface Device {
  /** `webgpu`, `reference`, … */
  readonly name: string;
  /** A description of the hardware: the adapter and its driver, for manifests. */
  readonly description: string;
  /** The bytes of data sets that fit in its own memory; 0 if it uses the host's. */
  readonly roomForData: number;
  readonly limits: DeviceLimits;
  /** Present if the device was opened for profiling. */
  readonly profiling?: Profiling;
  compile(graph: Graph): Executable;
  upload(data: Data): Handle;
  copy(handle: Handle): Handle;
  /** Returns a handle's memory to the pool; work that is already submitted still reads it. */
  release(handle: Handle): void;
  /** Reads the elements of all handles in one transfer. */
  read(handles: readonly Handle[], specs: readonly Spec[]): Promise<Data[]>;
  /**
   * The elements of handles of one element type where they are, to be read and changed, as
   * `packedOffsets` says; only if the host shares the memory. Undefined unless the handles lie one
   * after another.
   */
  view?(handles: readonly Handle[], specs: readonly Spec[]): Data | undefined;
  /** Waits while too much work is queued; loops call it once per step. */
  throttle(): Promise<void>;
  memory(): DeviceMemory;
  close(): Promise<void>;
}
