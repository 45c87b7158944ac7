/**
 * Compiles a plan to a program: the tasks of every step, and the entries of the address table.
 *
 * @module
 */
import { type CanonicalStep, canonicalStep } from "../../plan/canonicalize.ts";
import { countWork } from "../../plan/cost.ts";
import type { Plan } from "../../plan/plan.ts";
import { sizeOf } from "../../shape.ts";
import type { Entry, Scratch } from "./address_table.ts";
import { type CompiledKernel, compileKernels, type KernelCache } from "./compile.ts";
import type { Features } from "./features.ts";
import type { Task } from "./threads/task.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";
import { tileSteps } from "./tiling/tiled_steps.ts";
import { type ProgramStep, tiledTask } from "./tiling/tiled_task.ts";
import type { MemoryType } from "./wasm/module.ts";

/** A compiled plan. */
export interface Program {
  readonly tasks: readonly Task[];
  /** The entries of its address table. */
  readonly entries: readonly Entry[];
  readonly scratch: readonly Scratch[];
  /** Bytes of scratch memory per thread. */
  readonly local: number;
  /** The steps, by index, that run at the same time. */
  readonly together: readonly (readonly number[])[];
  /** Temporary slots that exist only a tile at a time, in the threads' scratch memory. */
  readonly kept: ReadonlySet<number>;
}

/** Compiles a plan; steps that differ only in what they bind share one kernel. */
export function compileProgram(
  plan: Plan,
  cache: KernelCache,
  pool: WorkerPool,
  features: Features,
  memory: MemoryType,
): Program {
  const canonical = plan.steps.map(canonicalStep);
  const kernels = compileKernels(canonical, cache, pool, features, memory);
  const { entries, scratch, entryOf } = enterAddresses(canonical, kernels);
  const steps = kernels.map((kernel, i): ProgramStep => {
    const step = plan.steps[i]!, work = countWork(step) + sizeOf(step.spec.shape);
    return { kernel, entry: entryOf[i]!, work };
  });
  const tasks: Task[] = [], together: (readonly number[])[] = [], kept = new Set<number>();
  let local = kernels.reduce((most, kernel) => Math.max(most, kernel.local), 0);
  for (const item of tileSteps(plan, kernels.map(({ passes }) => passes))) {
    if (typeof item === "number") {
      tasks.push(...passTasks(steps, item, 0));
      together.push([item]);
      continue;
    }
    const { task, bytes } = tiledTask(item, steps, entries);
    tasks.push(task, ...item.steps.flatMap(({ step, passes }) => passTasks(steps, step, passes)));
    together.push(item.steps.map(({ step }) => step));
    for (const slot of item.kept.keys()) kept.add(slot);
    local = Math.max(local, bytes);
  }
  return { tasks, entries, scratch, local, together, kept };
}

/** The entries of all steps: the slots that each binds, and its scratch memory. */
function enterAddresses(canonical: readonly CanonicalStep[], kernels: readonly CompiledKernel[]) {
  const entries: Entry[] = [], scratch: Scratch[] = [], entryOf: number[] = [];
  kernels.forEach((kernel, step) => {
    entryOf.push(entries.length);
    for (const { slot, offset } of canonical[step]!.bindings) {
      entries.push({ slot, bytes: 4 * offset });
    }
    for (const bytes of kernel.scratch) {
      entries.push({ scratch: scratch.push({ step, bytes }) - 1 });
    }
  });
  return { entries, scratch, entryOf };
}

/** The tasks of a step's passes from one on. */
function passTasks(steps: readonly ProgramStep[], step: number, from: number): Task[] {
  const { kernel: { module, passes }, entry, work } = steps[step]!;
  return passes.slice(from).map(({ pass, units }) => ({
    passes: [{ step, module, pass }],
    units,
    work,
    row: 4 * entry,
  }));
}
