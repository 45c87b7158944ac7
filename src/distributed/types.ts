/**
 * The interface of several processes that train one net.
 *
 * @module
 */
import type { Reduction } from "./mpi/handles.ts";

/** Arrays that can be reduced; their memory may be shared, as WebAssembly's is. */
export type Reducible = Float32Array | Float64Array | Int32Array;

/** A sum that was started: its array must be left alone until it is complete. */
export interface Pending {
  /** Lets it go on, and returns whether it is complete here; nothing goes on by itself. */
  test(): boolean;
  /** Returns once it is complete here. */
  wait(): void;
}

/**
 * The processes that work together, this one being number `rank` of `size`. Every process must call the
 * same collectives in the same order; each returns when it is complete here.
 */
export interface Distributed extends Disposable {
  /** This process's number, from 0. */
  readonly rank: number;
  /** The number of processes. */
  readonly size: number;
  /** This process's number among those on its machine: which GPU is its own. */
  readonly localRank: number;
  /** The number of processes on this machine. */
  readonly localSize: number;
  /** The number of machines. */
  readonly machines: number;
  /** The library and the launcher, for manifests. */
  readonly description: string;
  /**
   * Replaces each element, in place, by its sum (or `max`, `min`) over all processes, which get the same
   * bits; so does every call with the same elements and number of processes.
   */
  allReduce(data: Reducible, reduction?: Reduction): void;
  /**
   * Starts what `allReduce` does, which goes on while this process computes, whenever it calls `test`.
   * Every process must start the same sums in the same order.
   */
  startAllReduce(data: Reducible, reduction?: Reduction): Pending;
  /** Replaces elements, in place, by those of process `from`; 0 if left out. */
  broadcast(data: ArrayBufferView, from?: number): void;
  /** Returns once every process has called it. */
  barrier(): void;
  /** Ends every process with an exit code; 1 if left out. */
  abort(code?: number): void;
}
