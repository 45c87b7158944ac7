/**
 * Timing a program step by step.
 *
 * @module
 */
import type { Plan } from "../../plan/plan.ts";
import { stepCost } from "../../plan/cost.ts";
import type { Profiler } from "../profile.ts";
import type { Code, Team } from "./threads/worker_pool.ts";

/** A function of a table's address that runs a program and tells a profile what each step took. */
export function measured(
  profiler: Profiler,
  team: Team,
  plan: Plan,
  code: Code,
): (table: number) => void {
  const meters = plan.steps.map((step) => profiler.meter(stepCost(plan, step)));
  const { tasks } = code, ms = tasks.map(() => 0);
  return (table) => {
    team.runTimed(code, table, ms);
    for (let i = 0; i < tasks.length;) {
      const { step } = tasks[i]!, first = i;
      let total = 0;
      for (; tasks[i]?.step === step; i++) total += ms[i]!;
      meters[step]!(total, i - first);
    }
  };
}
