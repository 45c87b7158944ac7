/**
 * Updates times a number: the learning rate, by parameter where it differs.
 *
 * @module
 */
import { mul } from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { checkedFactor, type Multiplier } from "./multiplier.ts";
import { constantSchedule, type Schedule } from "./schedule.ts";
import { perParameter, type Transformation } from "./transformation.ts";

/**
 * Updates times a number.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scale(0.5)), w = tensor([1]);
 * const [next] = optimizer.step(w, tensor([1]), optimizer.init(w));
 * console.assert((await run.read(next))[0] === 0.5);
 * ```
 */
export const scale = (factor: number): Transformation =>
  perParameter({}, () => ({ update }) => ({ update: mul(update, factor) }));

/**
 * Updates times a number that depends on the step.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleBySchedule(optim.stepSchedule(0.5, 0.5, 1))), w = tensor([1]);
 * const [next, state] = optimizer.step(w, tensor([1]), optimizer.init(w));
 * const [last] = optimizer.step(next, tensor([1]), state);
 * console.assert((await run.read(last))[0] === 0.25);
 * ```
 */
export const scaleBySchedule = (schedule: Schedule): Transformation =>
  perParameter({}, (step) => {
    const factor = schedule(step);
    return ({ update }) => ({ update: mul(update, factor) });
  });

/** The rate times factors; each product stands in the graph once. */
function scaledRates(rate: Tensor): (factor: number) => Tensor {
  const known = new Map([[1, rate]]);
  return (factor) => {
    const scaled = known.get(factor) ?? mul(rate, factor);
    known.set(factor, scaled);
    return scaled;
  };
}

/** The rate of each parameter in a step, by its path. */
export function ratesByPath(
  rate: Tensor,
  multiplier: Multiplier = () => 1,
): (path: string) => Tensor {
  const rates = scaledRates(rate);
  return (path) => rates(checkedFactor("learning rate", "rateMultiplier", multiplier, path));
}

/**
 * Updates times the learning rate. Throws RangeError on a rate that is not above 0.
 *
 * @param multiplier The factor of each parameter's rate, by path; 1 if left out.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const slowBiases = optim.scaleByLearningRate(0.5, (path) => optim.notBias(path) ? 1 : 0.5);
 * const optimizer = optim.chain(slowBiases), params = { w: tensor([1]), b: tensor([1]) };
 * const [next] = optimizer.step(params, { w: tensor([1]), b: tensor([1]) }, optimizer.init(params));
 * const { w, b } = await run.read(next);
 * console.assert(w[0] === 0.5 && b[0] === 0.75);
 * ```
 */
export function scaleByLearningRate(
  rate: number | Schedule,
  multiplier?: Multiplier,
): Transformation {
  const schedule = typeof rate === "number" ? constantSchedule(rate) : rate;
  return perParameter({}, (step) => {
    const rates = ratesByPath(schedule(step), multiplier);
    return ({ path, update }) => ({ update: mul(update, rates(path)) });
  });
}
