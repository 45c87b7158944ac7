/**
 * Profiles: the time of each kernel, and the time outside kernels.
 *
 * @module
 */
import type { StepCost } from "../plan/cost.ts";

/** The profile of one kernel: all steps of the same ops and shapes, of any plan, added up. */
export interface KernelProfile {
  /** The kernel with the ops fused into it; its prologue is in brackets. */
  readonly kernel: string;
  /** The shapes of the kernel's arguments and result, `8×4×4×3, 3×3×3×16 → 8×4×4×16`. */
  readonly shape: string;
  /** The number of runs. */
  readonly calls: number;
  /** The number of passes or dispatches, of all calls. */
  readonly passes: number;
  /** Milliseconds, of all calls. */
  readonly ms: number;
  /**
   * Floating-point operations, of all calls, by the kernel's definition; an algorithm that needs fewer is
   * credited with all of them.
   */
  readonly flops: number;
  /** Bytes, of all calls: every slot that is read or written, once per call. */
  readonly bytes: number;
  /** GFLOP/s. */
  readonly gflops: number;
  /** GB/s. */
  readonly gbps: number;
}

/** A profile of a runtime. */
export interface Profile {
  /** The kernels that ran, the slowest in total first. */
  readonly kernels: readonly KernelProfile[];
  /** Milliseconds inside the runtime's calls: compiled functions, steps of a `fold`, `read`. */
  readonly ms: number;
  /** The fraction of `ms`, from 0 to 1, in which no kernel ran: tracing, compiling, allocating, waiting. */
  readonly outside: number;
}

/** The measured peak performance of a device. */
export interface Peak {
  /** GFLOP/s in multiply-adds. */
  readonly gflops: number;
  /** GB/s, read and written, in copying a large buffer. */
  readonly gbps: number;
  /** GFLOP/s of matrix products in machine code, where the `cpu` device runs them in it. */
  readonly nativeGflops?: number;
}

/** Records a run of one kernel: its milliseconds, and its passes. */
export type Meter = (ms: number, passes: number) => void;

/** The rate in units of giga (10⁹) per second. */
export const rate = (count: number, ms: number): number => ms > 0 ? count / ms / 1e6 : 0;

/** Accumulates measurements until {@linkcode Profiler.take} returns them. */
export class Profiler {
  readonly #rows = new Map<string, { -readonly [K in keyof KernelProfile]: KernelProfile[K] }>();
  #ms = 0;
  /** The number of calls that have not returned, and the start of the first. */
  #open = 0;
  #from = 0;

  /** The meter of a step. */
  meter({ kernel, shape, flops, bytes }: StepCost): Meter {
    const name = `${kernel} ${shape}`;
    return (ms, passes) => {
      let row = this.#rows.get(name);
      if (!row) {
        row = { kernel, shape, calls: 0, passes: 0, ms: 0, flops: 0, bytes: 0, gflops: 0, gbps: 0 };
        this.#rows.set(name, row);
      }
      row.calls++;
      row.passes += passes;
      row.ms += ms;
      row.flops += flops;
      row.bytes += bytes;
    };
  }

  /** Runs `work` and counts its time as spent in the runtime's calls; nested calls count once. */
  within<R>(work: () => R): R {
    if (this.#open++ === 0) this.#from = performance.now();
    let result: R | undefined;
    try {
      return result = work();
    } finally {
      if (result instanceof Promise) result.then(() => this.#leave(), () => this.#leave());
      else this.#leave();
    }
  }

  #leave() {
    if (--this.#open === 0) this.#ms += performance.now() - this.#from;
  }

  /** Returns the measurements, and resets them. */
  take(): Profile {
    const kernels = [...this.#rows.values()].sort((a, b) => b.ms - a.ms);
    for (const row of kernels) {
      row.gflops = rate(row.flops, row.ms);
      row.gbps = rate(row.bytes, row.ms);
    }
    const ms = this.#ms, inside = kernels.reduce((sum, row) => sum + row.ms, 0);
    this.#rows.clear();
    this.#ms = 0;
    return { kernels, ms, outside: ms > 0 ? Math.max(0, 1 - inside / ms) : 0 };
  }
}

/** The profiling interface of a device. */
export interface Profiling {
  readonly profiler: Profiler;
  /** Resolves when all runs have been recorded. */
  settle(): Promise<void>;
  /** Measures the device's peak performance. */
  peak(): Promise<Peak>;
}
