/**
 * Compiles a plan to a program: the tasks of every step, and the entries of the address table.
 *
 * @module
 */
import { canonicalStep } from "../../plan/canonicalize.ts";
import { countFlops } from "../../plan/cost.ts";
import type { Plan } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import { compileKernels, type KernelCache } from "./compile.ts";
import type { Features } from "./features.ts";
import type { Task } from "./threads/task.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";
import type { MemoryType } from "./wasm/module.ts";

/** An entry of a program's address table: a slot at a byte offset, or scratch memory. */
export type Entry = { readonly slot: number; readonly bytes: number } | {
  readonly scratch: number;
};

/** Scratch memory of one step. */
export interface Scratch {
  readonly step: number;
  readonly bytes: number;
}

/** A compiled plan. */
export interface Program {
  readonly tasks: readonly Task[];
  /** The entries of its address table. */
  readonly entries: readonly Entry[];
  readonly scratch: readonly Scratch[];
  /** Bytes of scratch memory per thread. */
  readonly local: number;
}

/** Compiles a plan; steps that differ only in what they bind share one kernel. */
export function compileProgram(
  plan: Plan,
  cache: KernelCache,
  pool: WorkerPool,
  features: Features,
  memory: MemoryType,
): Program {
  const steps = plan.steps.map(canonicalStep);
  const kernels = compileKernels(steps, cache, pool, features, memory);
  const tasks: Task[] = [], entries: Entry[] = [], scratch: Scratch[] = [];
  let local = 0;
  kernels.forEach((kernel, number) => {
    const step = plan.steps[number]!, work = countFlops(step) + sizeOf(step.spec.shape);
    const row = 4 * entries.length;
    for (const { slot, offset } of steps[number]!.bindings) {
      entries.push({ slot, bytes: 4 * offset });
    }
    for (const bytes of kernel.scratch) {
      entries.push({ scratch: scratch.push({ step: number, bytes }) - 1 });
    }
    for (const { pass, units } of kernel.passes) {
      tasks.push({ step: number, units, work, module: kernel.module, pass, row });
    }
    local = Math.max(local, kernel.local);
  });
  return { tasks, entries, scratch, local };
}
