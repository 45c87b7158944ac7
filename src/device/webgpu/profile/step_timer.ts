/**
 * Adds the measured times of a plan's dispatches to a profile, by step.
 *
 * @module
 */
import { stepCost } from "../../../plan/cost.ts";
import type { Plan } from "../../../plan/plan.ts";
import type { Profiler } from "../../profile.ts";
import type { PassTimer } from "../run/passes.ts";
import type { StepShare } from "../shader/dispatches.ts";
import { timedPasses } from "./timed_passes.ts";
import { Timestamps } from "./timestamps.ts";

/** Times the steps of plans and records them in a profile. */
export class StepTimer {
  readonly #device: GPUDevice;
  /** The profile. */
  readonly profiler: Profiler;
  /** Timings that the host has not read yet. */
  readonly #pending = new Set<Promise<void>>();

  constructor(device: GPUDevice, profiler: Profiler) {
    this.#device = device;
    this.profiler = profiler;
  }

  /**
   * Times the dispatches of a plan.
   *
   * @param shares The steps of each dispatch, in order; its time is divided among them.
   */
  readonly timePlan = (plan: Plan, shares: readonly (readonly StepShare[])[]): PassTimer => {
    const timestamps = new Timestamps(this.#device, shares.length);
    const count = this.#counter(plan, shares);
    return {
      passes: (encoder) => timedPasses(encoder, timestamps),
      resolve: (encoder) => {
        const read = timestamps.resolve(encoder);
        return () => this.#track(read(count));
      },
      dispose: () => void timestamps.dispose(),
    };
  };

  /** Resolves when all runs are recorded. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Adds the milliseconds of a run's dispatches to their steps. */
  #counter(plan: Plan, shares: readonly (readonly StepShare[])[]): (ms: Float64Array) => void {
    const meters = plan.steps.map((step) => this.profiler.meter(stepCost(plan, step)));
    return (ms) => {
      const total = new Float64Array(meters.length), passes = new Float64Array(meters.length);
      shares.forEach((steps, i) =>
        steps.forEach(({ step, part }) => {
          total[step]! += part * ms[i]!;
          passes[step]!++;
        })
      );
      meters.forEach((meter, step) => meter(total[step]!, passes[step]!));
    };
  }

  #track(reading: Promise<void>) {
    // The loss of a device is reported elsewhere.
    const done = reading.catch(() => {}).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }
}
