/**
 * What a device is to the runtime. Everything above this line is pure description; a device turns a
 * graph into something that runs, and owns memory.
 *
 * @module
 */
import type { Data } from "../host_data.ts";
import type { Spec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import type { Profiling } from "./profile.ts";

/** A piece of a device's memory that holds one tensor's elements. */
export interface Handle {
  readonly bytes: number;
  /** Bytes that it takes besides, about: the driver's. */
  readonly overhead?: number;
}

/** A graph to compile: where it starts and what it must produce. */
export interface Graph {
  /** Tensors given at each call, in order; the walk from the outputs stops at them. */
  readonly inputs: readonly Tensor[];
  /** Tensors to produce, each once, none of them an input. Host data on the way is a constant. */
  readonly outputs: readonly Tensor[];
}

/** A kernel that may be computed in several ways, and what each took. */
export interface Tuned {
  /** The kernel by its op and sizes. */
  readonly product: string;
  /** The ways by name, the fastest first: that is the one taken from now on. */
  readonly trials: readonly { readonly tile: string; readonly ms: number }[];
  /** Billions of floating-point operations a second, GFLOP/s in the fastest. */
  readonly gflops: number;
}

/** A compiled graph. */
export interface Executable {
  /** Bytes of the host data that it keeps on the device. */
  readonly bytes: number;
  /** Runs once: a handle or host data for each input, a new handle for each output. */
  run(inputs: readonly (Handle | Data)[]): Handle[];
  /** The kernels, one a line, with sizes and costs. */
  explain(): string;
  /** Finds the fastest way for each kernel that has several, for what is compiled from now on. */
  tune?(): Promise<readonly Tuned[]>;
  /** Gives back everything that the executable owns. */
  dispose(): void;
}

/** Memory that a device has allocated, in use or pooled. */
export interface DeviceMemory {
  readonly buffers: number;
  readonly bytes: number;
}

/** A device. Calls are carried out in order; failures that surface late are thrown by the next call. */
export interface Device {
  /** `webgpu`, `reference`, … */
  readonly name: string;
  /** What it is: the adapter and its driver, for manifests. */
  readonly description: string;
  /** Bytes of a data set that its own memory has room for; 0 where that is the host's. */
  readonly roomForData: number;
  /** There if the device was opened to be profiled. */
  readonly profiling?: Profiling;
  compile(graph: Graph): Executable;
  upload(data: Data): Handle;
  copy(handle: Handle): Handle;
  /** Gives a handle's memory back to the pool; work already submitted still sees it. */
  release(handle: Handle): void;
  /** The elements of every handle, in one go. */
  read(handles: readonly Handle[], specs: readonly Spec[]): Promise<Data[]>;
  /** Waits where too much work is queued; a loop calls it once a step. */
  throttle(): Promise<void>;
  memory(): DeviceMemory;
  close(): Promise<void>;
}
