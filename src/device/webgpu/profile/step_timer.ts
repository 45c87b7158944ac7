/**
 * Timing a plan's dispatches step by step.
 *
 * @module
 */
import type { Plan } from "../../../plan/plan.ts";
import { stepCost } from "../../../plan/cost.ts";
import type { Profiler } from "../../profile.ts";
import type { Share } from "../shader/dispatches.ts";
import { type Passes, timedPasses } from "../run/passes.ts";
import { Stamps } from "./timestamps.ts";

/** Where the timings of a device's plans go. */
export interface Timings {
  readonly profiler: Profiler;
  /** Those that the host has not read yet. */
  readonly pending: Set<Promise<void>>;
}

/** The timings of one plan. */
export interface Measured {
  /** The passes to record a run in. */
  passes(encoder: GPUCommandEncoder): Passes;
  /** Records taking the timings out; call what it returns once that is submitted. */
  resolve(encoder: GPUCommandEncoder): () => void;
  /** Gives everything back. */
  dispose(): void;
}

/**
 * Tells a profile what the steps of a plan take.
 *
 * @param shares The steps of each dispatch, in order; what it takes is shared out among them.
 */
export function measured(
  device: GPUDevice,
  { profiler, pending }: Timings,
  plan: Plan,
  shares: readonly (readonly Share[])[],
): Measured {
  const stamps = new Stamps(device, shares.length);
  const meters = plan.steps.map((step) => profiler.meter(stepCost(plan, step)));
  const tell = (ms: Float64Array) => {
    const total = new Float64Array(meters.length), passes = new Float64Array(meters.length);
    shares.forEach((steps, i) =>
      steps.forEach(({ step, part }) => {
        total[step]! += part * ms[i]!;
        passes[step]!++;
      })
    );
    meters.forEach((meter, step) => meter(total[step]!, passes[step]!));
  };
  return {
    passes: (encoder) => timedPasses(encoder, stamps),
    resolve(encoder) {
      const read = stamps.resolve(encoder);
      return () => {
        // A device that is lost says so itself.
        const told = read(tell).catch(() => {}).finally(() => pending.delete(told));
        pending.add(told);
      };
    },
    dispose: () => void stamps.dispose(),
  };
}
