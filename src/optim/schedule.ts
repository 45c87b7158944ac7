/**
 * Schedules of the learning rate or the momentum: functions of the step, so that one trace covers every
 * step.
 *
 * @module
 */
import {
  add,
  cast,
  constant,
  div,
  floor,
  greaterEqual,
  less,
  mul,
  pow,
  sub,
  where,
} from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";

/** The learning rate or the momentum, f32 of shape [], at a step, i32 of shape [], counted from 0. */
export type Schedule = (step: Tensor) => Tensor;

/** Throws RangeError unless a rate is finite and above 0. */
export function checkRate(name: string, rate: number): void {
  if (rate > 0 && Number.isFinite(rate)) return;
  throw new RangeError(`${name}: expected a learning rate above 0, found ${rate}`);
}

/** Throws RangeError unless steps are integers of at least 1. */
export function checkSteps(name: string, steps: readonly number[]): void {
  if (steps.every((s) => Number.isInteger(s) && s >= 1)) return;
  throw new RangeError(
    `${name}: expected steps that are integers of at least 1, found ${steps.join(", ")}`,
  );
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

/** The share of `steps` that has passed since the step `start`: 0 before, 1 after. */
export function progress(step: Tensor, steps: number, start = 0): Tensor {
  const share = div(cast(sub(step, start), "f32"), steps);
  return where(less(step, start), 0, where(greaterEqual(step, start + steps), 1, share));
}

/**
 * base · factor^(step / every): the exponential decay that meets {@linkcode stepSchedule} at its drops;
 * Caffe's `exp` policy where `every` is 1. Throws RangeError on a base or a factor not above 0, and unless
 * `every` is an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.exponentialSchedule(0.1, 0.25, 10); // An optimizer takes it.
 * const rates = [0, 5, 10].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.05,0.025");
 * ```
 */
export function exponentialSchedule(base: number, factor: number, every: number): Schedule {
  checkRate("exponentialSchedule", base);
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new RangeError(`exponentialSchedule: expected a factor above 0, found ${factor}`);
  }
  checkSteps("exponentialSchedule", [every]);
  return (step) => mul(pow(constant(factor), div(cast(step, "f32"), every)), base);
}

/**
 * base · (1 - step / steps)^power, and 0 from `steps` on: Caffe's `poly` policy. Throws RangeError on a base
 * or a power not above 0, and unless `steps` is an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.polySchedule(0.1, 2, 20); // An optimizer takes it.
 * const rates = [0, 10, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.025,0");
 * ```
 */
export function polySchedule(base: number, power: number, steps: number): Schedule {
  checkRate("polySchedule", base);
  if (!(power > 0 && Number.isFinite(power))) {
    throw new RangeError(`polySchedule: expected a power above 0, found ${power}`);
  }
  checkSteps("polySchedule", [steps]);
  return (step) => mul(pow(sub(1, progress(step, steps)), power), base);
}

/**
 * From one value to another in equal steps, beginning after the step `start`; constant before and after.
 * For the momentum as for the learning rate: pylearn2's `MomentumAdjustor` and `LinearDecayOverEpoch`, which
 * change at the ends of epochs, by step. Throws RangeError on values that are not finite and at least 0, and
 * unless `steps` is an integer of at least 1 and `start` one of at least 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const momentum = optim.linearSchedule(0.5, 0.7, 20, 10);
 * console.assert(optim.sgd({ learningRate: 0.1, momentum }).init instanceof Function);
 * const values = [0, 10, 20, 30].map((step) => momentum(tensor([step], [], "i32")));
 * const found = (await run.read(values)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.5,0.5,0.6,0.7");
 * ```
 */
export function linearSchedule(from: number, to: number, steps: number, start = 0): Schedule {
  for (const value of [from, to]) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new RangeError(
      `linearSchedule: expected finite values of at least 0, found ${from}, ${to}`,
    );
  }
  checkSteps("linearSchedule", start === 0 ? [steps] : [steps, start]);
  return (step) => {
    const share = progress(step, steps, start);
    return add(mul(sub(1, share), from), mul(share, to));
  };
}
