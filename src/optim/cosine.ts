/**
 * Schedules along half a cosine: falling once, again and again, or after a rise (one cycle).
 *
 * @module
 */
import { add, cast, constant, div, greaterEqual, less, mul, sub, where } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { checkWithin } from "./multiplier.ts";
import { checkRate, checkSteps, progress, type Schedule } from "./schedule.ts";

/** The coefficients of sin(πx/2) = x · Σ cᵢ x²ⁱ, to float32's precision on [0, 1]. */
const SINE = Array.from({ length: 8 }, (_, i) => {
  let term = Math.PI / 2;
  for (let k = 1; k <= i; k++) term *= -(((Math.PI / 2) ** 2) / (2 * k * (2 * k + 1)));
  return term;
});

/** (1 + cos πx) / 2 for x from 0 to 1: from 1 to 0, with a small relative error near 0 too. */
function halfCosine(x: Tensor): Tensor {
  const left = sub(1, x), square = mul(left, left);
  const series = SINE.slice(0, -1).reduceRight<Tensor>(
    (sum, coefficient) => add(mul(sum, square), coefficient),
    constant(SINE.at(-1)!),
  );
  const sine = mul(left, series);
  return mul(sine, sine);
}

/** From one value to another along half a cosine. */
const along = (from: number, to: number, share: Tensor): Tensor =>
  add(mul(halfCosine(share), from - to), to);

function checkEnd(name: string, end: number): void {
  checkWithin(name, "an end", end, 0, Infinity);
}

/**
 * From `base` to `end` along half a cosine in `steps`, and constant from then on. Loshchilov & Hutter, "SGDR"
 * (2017), without restarts; PyTorch's `CosineAnnealingLR` with `eta_min`.
 *
 * @param end The rate at the end; 0 if left out.
 * @throws RangeError on a base not above 0, an end below 0, and unless `steps` is an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.cosineSchedule(0.1, 20); // An optimizer takes it.
 * const rates = [0, 10, 15, 20].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.05,0.0146,0");
 * ```
 */
export function cosineSchedule(base: number, steps: number, end = 0): Schedule {
  checkRate("cosineSchedule", base);
  checkSteps("cosineSchedule", [steps]);
  checkEnd("cosineSchedule", end);
  return (step) => along(base, end, progress(step, steps));
}

/** Options of {@linkcode cosineRestartsSchedule}. */
export interface CosineRestartsOptions {
  /** By how much each cycle is longer than the one before, an integer of at least 1; 1 if left out. */
  readonly factor?: number;
  /** The rate at the end of each cycle; 0 if left out. */
  readonly end?: number;
}

/** The greatest step, that of i32. */
const LAST = 2 ** 31 - 1;

/** The step at which each cycle begins, until none can any more; each is `factor` times as long as the last. */
function cycleStarts(first: number, factor: number): readonly number[] {
  const starts = [0];
  for (let next = first, length = first; next < LAST; next += length) {
    starts.push(next);
    length *= factor;
  }
  return starts;
}

/**
 * Half cosines from `base` to `end`, one after another, the first in `steps`. Loshchilov & Hutter, "SGDR:
 * Stochastic Gradient Descent with Warm Restarts" (2017); PyTorch's `CosineAnnealingWarmRestarts`.
 *
 * @throws RangeError on a base not above 0, an end below 0, and unless `steps` and `factor` are integers of at
 * least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.cosineRestartsSchedule(0.1, 10, { factor: 2 }); // An optimizer takes it.
 * const rates = [0, 5, 10, 20, 30].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(4)));
 * console.assert(found.join() === "0.1,0.05,0.1,0.05,0.1");
 * ```
 */
export function cosineRestartsSchedule(
  base: number,
  steps: number,
  { factor = 1, end = 0 }: CosineRestartsOptions = {},
): Schedule {
  checkRate("cosineRestartsSchedule", base);
  checkSteps("cosineRestartsSchedule", [steps, factor]);
  checkEnd("cosineRestartsSchedule", end);
  if (factor === 1) {
    return (step) => {
      const cycle = cast(div(cast(step, "f32"), steps), "i32");
      return along(base, end, div(cast(sub(step, mul(cycle, steps)), "f32"), steps));
    };
  }
  const starts = cycleStarts(steps, factor);
  return (step) => {
    const share = starts.reduce((found, start, i) => {
      const length = steps * factor ** i;
      return where(greaterEqual(step, start), div(cast(sub(step, start), "f32"), length), found);
    }, constant(0));
    return along(base, end, share);
  };
}

/** Options of {@linkcode oneCycleSchedule}. */
export interface OneCycleOptions {
  /** The part of the steps in which the rate rises, above 0 and below 1; 0.3 if left out. */
  readonly rise?: number;
  /** The peak divided by the first rate; 25 if left out. */
  readonly divideStart?: number;
  /** The first rate divided by the last; 10,000 if left out. */
  readonly divideEnd?: number;
}

/**
 * One cycle: from a small rate to `peak`, then to almost 0 at the last step, both along half a cosine. Smith &
 * Topin, "Super-Convergence" (2018); PyTorch's `OneCycleLR`, with its defaults.
 *
 * @param steps All steps of the training; the rate stays at its end after them.
 * @throws RangeError on a peak not above 0, a rise not within 0 and 1, divisors below 1, and unless `steps` is
 * an integer of at least 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const learningRate = optim.oneCycleSchedule(0.5, 20); // An optimizer takes it.
 * const rates = [0, 5, 19].map((step) => learningRate(tensor([step], [], "i32")));
 * const found = (await run.read(rates)).map(([value]) => Number(value!.toFixed(6)));
 * console.assert(found.join() === "0.02,0.5,0.000002");
 * ```
 */
export function oneCycleSchedule(
  peak: number,
  steps: number,
  { rise = 0.3, divideStart = 25, divideEnd = 1e4 }: OneCycleOptions = {},
): Schedule {
  const name = "oneCycleSchedule";
  checkRate(name, peak);
  checkSteps(name, [steps]);
  checkWithin(name, "rise", rise, Number.MIN_VALUE, 1);
  checkWithin(name, "divideStart", divideStart, 1, Infinity);
  checkWithin(name, "divideEnd", divideEnd, 1, Infinity);
  const first = peak / divideStart, last = first / divideEnd;
  // As PyTorch counts: the peak is at step rise · steps - 1, which need not be an integer.
  const top = Math.max(rise * steps - 1, 0), end = Math.max(steps - 1, top);
  return (step) => {
    const t = cast(step, "f32");
    const up = top > 0 ? along(first, peak, clamped(div(t, top))) : constant(peak);
    const down = end > top
      ? along(peak, last, clamped(div(sub(t, top), end - top)))
      : constant(last);
    return where(less(t, top), up, down);
  };
}

/** A number limited to [0, 1]. */
const clamped = (x: Tensor): Tensor => where(less(x, 0), 0, where(less(x, 1), x, 1));
