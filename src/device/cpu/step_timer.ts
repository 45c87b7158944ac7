/**
 * Times the steps of a program, for profiles.
 *
 * @module
 */
import type { Plan } from "../../plan/plan.ts";
import { stepCost } from "../../plan/cost.ts";
import type { Profiler } from "../profile.ts";
import type { AfterTask } from "./output_parts.ts";
import type { LoadedProgram } from "./threads/task.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";

/** A function (table, after) that runs a program and records the time of each step. */
export function profiledRun(
  profiler: Profiler,
  pool: WorkerPool,
  plan: Plan,
  program: LoadedProgram,
): (table: number, after?: AfterTask) => void {
  const meters = plan.steps.map((step) => profiler.meter(stepCost(plan, step)));
  const times = program.tasks.map((task) => new Float64Array(task.passes.length));
  const ms = plan.steps.map(() => 0), passes = ms.map(() => 0);
  return (table, after) => {
    pool.runTimed(program, table, times, after);
    ms.fill(0);
    passes.fill(0);
    program.tasks.forEach((task, i) =>
      task.passes.forEach(({ step }, k) => {
        ms[step]! += times[i]![k]!;
        passes[step]!++;
      })
    );
    meters.forEach((meter, step) => meter(ms[step]!, passes[step]!));
  };
}
