/**
 * Where time goes: what each kernel has cost, and what the calls around the kernels have.
 *
 * @module
 */
import type { StepCost } from "../plan/cost.ts";

/** What one kernel has cost: all steps of the same ops and shapes together, whatever their plan. */
export interface KernelProfile {
  /** The kernel with the ops that were fused into it; those before it stand in brackets. */
  readonly kernel: string;
  /** The shapes of a kernel's arguments and of what it makes, `8×4×4×3, 3×3×3×16 → 8×4×4×16`. */
  readonly shape: string;
  /** How often it ran. */
  readonly calls: number;
  /** The passes or dispatches that it took, in all calls together. */
  readonly passes: number;
  /** Milliseconds, in all calls together. */
  readonly ms: number;
  /**
   * Floating-point operations, in all calls together, as the kernel is defined: one that gets by with
   * fewer is credited with all of them.
   */
  readonly flops: number;
  /** Bytes, in all calls together: every value that is read or written, once a call. */
  readonly bytes: number;
  /** Billions of floating-point operations a second, GFLOP/s. */
  readonly gflops: number;
  /** Gigabytes a second. */
  readonly gbps: number;
}

/** Where a runtime's time has gone. */
export interface Profile {
  /** The kernels that ran, the one that took longest first. */
  readonly kernels: readonly KernelProfile[];
  /** Milliseconds inside the runtime's calls: compiled functions, steps of a `fold`, `read`. */
  readonly ms: number;
  /** The share of `ms`, from 0 to 1, in which no kernel ran: tracing, compiling, memory, waiting. */
  readonly outside: number;
}

/** The highest rates that a device was measured to reach. */
export interface Peak {
  /** Billions of floating-point operations a second, GFLOP/s, in multiply-adds. */
  readonly gflops: number;
  /** Gigabytes a second, read and written, in copying a large buffer. */
  readonly gbps: number;
}

/** Counts a run of one kernel: the milliseconds that it took, and its passes. */
export type Meter = (ms: number, passes: number) => void;

/** Billions (giga) a second. */
export const rate = (count: number, ms: number): number => ms > 0 ? count / ms / 1e6 : 0;

/** Adds up what is measured until it is {@linkcode Profiler.take}n. */
export class Profiler {
  readonly #rows = new Map<string, { -readonly [K in keyof KernelProfile]: KernelProfile[K] }>();
  #ms = 0;
  /** Calls that have not returned, and when the first of them began. */
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

  /** Does some work, whose time counts as spent in the runtime's calls; work within it counts once. */
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

  /** What was measured, and starts anew. */
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

/** What a device offers that was opened to be profiled. */
export interface Profiling {
  readonly profiler: Profiler;
  /** Resolves when all that was run is counted. */
  settle(): Promise<void>;
  /** Measures what the device can do at most. */
  peak(): Promise<Peak>;
}
