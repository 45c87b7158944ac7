/**
 * Schedules made of schedules: one after another, or after a warm-up.
 *
 * @module
 */
import { add, greaterEqual, mul, sub, where } from "../ops/mod.ts";
import { checkWithin } from "./multiplier.ts";
import { checkSteps, progress, type Schedule } from "./schedule.ts";

/**
 * Schedules one after another, optax's `join_schedules`: each counts its steps from where it begins.
 *
 * @param boundaries The step at which each schedule but the first begins, ascending.
 * @throws RangeError unless there is one boundary fewer than schedules, ascending integers of at least 1.
 *
 * @example A linear warm-up, then half a cosine
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.joinSchedules(
 *   [optim.linearSchedule(0, 0.1, 10), optim.cosineSchedule(0.1, 20)],
 *   [10],
 * );
 * const rates = [0, 5, 10, 20, 30].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0,0.05,0.1,0.05,0");
 * ```
 */
export function joinSchedules(
  schedules: readonly Schedule[],
  boundaries: readonly number[],
): Schedule {
  const [first, ...others] = schedules;
  const ascending = boundaries.every((at, i) => i === 0 || at > boundaries[i - 1]!);
  if (!first || others.length !== boundaries.length || !ascending) {
    throw new RangeError(
      "joinSchedules: expected one boundary fewer than schedules, ascending, found " +
        `${schedules.length} schedules and the boundaries ${boundaries.join(", ") || "none"}`,
    );
  }
  checkSteps("joinSchedules", boundaries);
  return (step) =>
    others.reduce(
      (rate, schedule, i) =>
        where(greaterEqual(step, boundaries[i]!), schedule(sub(step, boundaries[i]!)), rate),
      first(step),
    );
}

/**
 * A schedule whose values are multiplied by a factor that grows linearly to 1 in the first steps; the course
 * of the schedule itself does not change. PyTorch's `ChainedScheduler` of `LinearLR` and another.
 *
 * @param start The factor at step 0, from 0 to 1; 0 if left out, so that the first step changes nothing.
 * @throws RangeError on a start outside [0, 1], and unless `steps` is an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.warmupSchedule(optim.stepSchedule(0.1, 0.5, 20), 10, 0.1);
 * const rates = [0, 5, 10, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.01,0.055,0.1,0.05");
 * ```
 */
export function warmupSchedule(schedule: Schedule, steps: number, start = 0): Schedule {
  checkSteps("warmupSchedule", [steps]);
  checkWithin("warmupSchedule", "start", start, 0, 1 + Number.EPSILON);
  return (step) => {
    const factor = add(mul(progress(step, steps), 1 - start), start);
    return mul(schedule(step), factor);
  };
}
