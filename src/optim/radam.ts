/**
 * RAdam: Adam with a rectified variance in its first steps.
 *
 * @module
 */
import { add, div, gather, less, mul, sqrt, sub, where } from "../ops/mod.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { type AdamNumbers, adamNumbers, type AdamOptions, type AdamState, BETAS } from "./adam.ts";
import { countFrom1, oneMinusPower } from "./bias_correction.ts";
import type { Chain } from "./chain.ts";
import type { OptimizerRecord } from "./optimizer.ts";
import { scaleByLearningRate } from "./scale.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";
import { rateSchedule, withPenalty } from "./with_options.ts";

/** Steps whose rectification is computed in float64, since differences of large numbers cancel in it. */
const TABLE = 1024;

/** The length of the approximated average at step t from 1; below 5 its variance is not finite enough. */
function lengthAt(beta2: number, t: number): number {
  const power = beta2 ** t;
  return 2 / (1 - beta2) - 1 - 2 * t * power / (1 - power);
}

/** The rectification for a length ρ of the average, of the final length ρ∞. */
const rectification = (length: number, final: number): number =>
  Math.sqrt(
    (length - 4) * (length - 2) * final / ((final - 4) * (final - 2) * length),
  );

/** The rectification of step t from 1, f32[]; 0 while the variance is not to be divided by. */
function rectificationAt(beta2: number, step: Tensor): Tensor {
  const final = 2 / (1 - beta2) - 1;
  const early = Array.from({ length: TABLE }, (_, i) => {
    const length = lengthAt(beta2, i + 1);
    return length > 5 ? rectification(length, final) : 0;
  });
  const t = countFrom1(step), missing = oneMinusPower(beta2, t);
  const length = sub(final, div(mul(mul(t, 2), sub(1, missing)), missing));
  const squared = div(
    mul(mul(sub(length, 4), sub(length, 2)), final / ((final - 4) * (final - 2))),
    length,
  );
  const index = where(less(step, TABLE), step, TABLE - 1);
  return where(less(step, TABLE), gather(tensor(early), index), sqrt(squared));
}

/**
 * RAdam's rule without a learning rate: Adam's, divided by √v only from the step on at which its variance is
 * small enough, and rectified for it. Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond"
 * (2020), in PyTorch's form.
 *
 * @throws RangeError unless 0 < β < 1 for both and epsilon > 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByRadam(), optim.scaleByLearningRate(0.1)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -10]), optimizer.init(w));
 * console.assert((await run.read(next)).join() === "0,3"); // In the first steps as momentum.
 * ```
 */
export function scaleByRadam(numbers: AdamNumbers = {}): Transformation {
  const { beta1, beta2, epsilon } = adamNumbers("scaleByRadam", numbers);
  return perParameter({ means: zeroSlot, squares: zeroSlot }, (step) => {
    const t = countFrom1(step), corrected = div(1, oneMinusPower(beta1, t));
    const rectified = rectificationAt(beta2, step), divides = less(0, rectified);
    const adaptive = mul(mul(corrected, rectified), sqrt(oneMinusPower(beta2, t)));
    return ({ update: g, slots }) => {
      const means = add(mul(slots.means!, beta1), mul(g, 1 - beta1));
      const squares = add(mul(slots.squares!, beta2), mul(mul(g, g), 1 - beta2));
      const scaled = div(mul(means, adaptive), add(sqrt(squares), epsilon));
      return {
        update: where(divides, scaled, mul(means, corrected)),
        slots: { means, squares },
      };
    };
  });
}

/**
 * RAdam in PyTorch's form: {@linkcode scaleByRadam} times the learning rate. Weight decay is added to the
 * gradient.
 *
 * @throws RangeError unless 0 < β < 1 for both, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.radam({ learningRate: 0.1 }), params = { w: tensor([1, 2]) };
 * const [next] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * console.assert((await run.read(next)).w.join() === "0,3");
 * ```
 */
export const radam = (options: AdamOptions): Chain<AdamState> =>
  withPenalty(
    "radam",
    options,
    scaleByRadam(options),
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
  );

/** The record of RAdam. */
export const RADAM = {
  create: radam as OptimizerRecord["create"],
  learningRate: 0.001,
  options: BETAS,
} as const satisfies OptimizerRecord;
