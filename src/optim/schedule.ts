/**
 * Learning-rate schedules: functions of the step, so that one trace covers every step.
 *
 * @module
 */
import { cast, constant, div, floor, greaterEqual, mul, pow, where } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";

/** The learning rate, f32 of shape [], at a step, i32 of shape [], counted from 0. */
export type Schedule = (step: Tensor) => Tensor;

function checkRate(name: string, rate: number): void {
  if (rate > 0 && Number.isFinite(rate)) return;
  throw new RangeError(`${name}: expected a learning rate above 0, found ${rate}`);
}

function checkSteps(name: string, steps: readonly number[]): void {
  if (steps.every((s) => Number.isInteger(s) && s >= 1)) return;
  throw new RangeError(`${name}: expected integers of steps, found ${steps.join(", ")}`);
}

/**
 * A constant learning rate. Throws RangeError unless it is finite and above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.constantSchedule(0.1); // An optimizer takes it.
 * const rates = [0, 10, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.1,0.1");
 * ```
 */
export function constantSchedule(rate: number): Schedule {
  checkRate("constantSchedule", rate);
  return () => constant(rate);
}

/**
 * base · factor^⌊step / every⌋: Caffe's `step` policy. Throws RangeError on a rate not above 0, and unless
 * `every` is an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.stepSchedule(0.1, 0.5, 10); // An optimizer takes it.
 * const rates = [0, 10, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.05,0.025");
 * ```
 */
export function stepSchedule(base: number, factor: number, every: number): Schedule {
  checkRate("stepSchedule", base);
  checkSteps("stepSchedule", [every]);
  return (step) => mul(pow(constant(factor), floor(div(cast(step, "f32"), every))), base);
}

/**
 * base · factor^n after n milestones: Caffe's `multistep` policy. Throws RangeError on a rate not above 0,
 * and on milestones that are not integers of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.multiStepSchedule(0.1, 0.1, [10, 15]); // An optimizer takes it.
 * const rates = [0, 10, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.01,0.001");
 * ```
 */
export function multiStepSchedule(
  base: number,
  factor: number,
  milestones: readonly number[],
): Schedule {
  checkRate("multiStepSchedule", base);
  checkSteps("multiStepSchedule", milestones);
  const sorted = [...milestones].sort((a, b) => a - b);
  return (step) =>
    sorted.reduce(
      (rate, at, i) => where(greaterEqual(step, at), base * factor ** (i + 1), rate),
      constant(base),
    );
}
