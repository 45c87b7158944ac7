/**
 * Times the steps of a program, for profiles.
 *
 * @module
 */
import type { Plan } from "../../plan/plan.ts";
import { stepCost } from "../../plan/cost.ts";
import type { Profiler } from "../profile.ts";
import type { LoadedProgram } from "./threads/task.ts";
import type { WorkerPool } from "./threads/worker_pool.ts";

/** A function (table) that runs a program and records the time of each step. */
export function profiledRun(
  profiler: Profiler,
  pool: WorkerPool,
  plan: Plan,
  program: LoadedProgram,
): (table: number) => void {
  const meters = plan.steps.map((step) => profiler.meter(stepCost(plan, step)));
  const { tasks } = program, ms = tasks.map(() => 0);
  return (table) => {
    pool.runTimed(program, table, ms);
    for (let i = 0; i < tasks.length;) {
      const { step } = tasks[i]!, first = i;
      let total = 0;
      for (; tasks[i]?.step === step; i++) total += ms[i]!;
      meters[step]!(total, i - first);
    }
  };
}
