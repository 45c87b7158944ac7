/**
 * NAdam: Adam with Nesterov's momentum.
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

/** The decay of the momentum's warm-up, as in the paper and PyTorch. */
const MOMENTUM_DECAY = 0.004;

/** The momentum coefficient of step t, counted from 1. */
const momentumAt = (beta1: number, t: number): number =>
  beta1 * (1 - 0.5 * 0.96 ** (t * MOMENTUM_DECAY));

/** {@linkcode momentumAt} of a step on the device. */
const momentumOnDevice = (beta1: number, t: Tensor): Tensor => {
  const decayed = sub(1, oneMinusPower(0.96 ** MOMENTUM_DECAY, t));
  return mul(sub(1, mul(decayed, 0.5)), beta1);
};

/** Steps after which 1 - the product of all momentum coefficients is 1 in float32: each is below 0.6 at first. */
const TABLE = 128;

/** Numbers of steps 0…TABLE-1, and the last of them from then on. */
function byStep(values: readonly number[], step: Tensor): Tensor {
  return gather(tensor([...values]), where(less(step, TABLE), step, TABLE - 1));
}

/**
 * NAdam's rule without a learning rate: Adam's, in which the gradient counts for the mean of the next step,
 * with a momentum coefficient μₜ = β₁(1 - 0.96^(0.004 t) / 2) that grows to β₁. Dozat, "Incorporating Nesterov
 * Momentum into Adam" (2016), in the form of PyTorch 2.
 *
 * @throws RangeError unless 0 < β < 1 for both and epsilon > 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByNadam(), optim.scaleByLearningRate(0.1)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -10]), optimizer.init(w));
 * const found = await run.read(next);
 * console.assert(found[0]! < 0.95 && found[1]! > 2.05);
 * ```
 */
export function scaleByNadam(numbers: AdamNumbers = {}): Transformation {
  const { beta1, beta2, epsilon } = adamNumbers("scaleByNadam", numbers);
  const products: number[] = [];
  for (let t = 1, product = 1; t <= TABLE + 1; t++) {
    products.push(product *= momentumAt(beta1, t));
  }
  const ofGradient = products.slice(0, TABLE).map((product, i) =>
    (1 - momentumAt(beta1, i + 1)) / (1 - product)
  );
  const ofMean = products.slice(1).map((product, i) => momentumAt(beta1, i + 2) / (1 - product));
  return perParameter({ means: zeroSlot, squares: zeroSlot }, (step) => {
    const t = countFrom1(step), root = sqrt(oneMinusPower(beta2, t));
    const momentum = (ahead: number) => momentumOnDevice(beta1, add(t, ahead));
    const early = less(step, TABLE);
    const forGradient = where(early, byStep(ofGradient, step), sub(1, momentum(0)));
    const forMean = where(early, byStep(ofMean, step), momentum(1));
    return ({ update: g, slots }) => {
      const means = add(mul(slots.means!, beta1), mul(g, 1 - beta1));
      const squares = add(mul(slots.squares!, beta2), mul(mul(g, g), 1 - beta2));
      const ahead = add(mul(g, forGradient), mul(means, forMean));
      return {
        update: div(ahead, add(div(sqrt(squares), root), epsilon)),
        slots: { means, squares },
      };
    };
  });
}

/**
 * NAdam in the form of PyTorch 2: {@linkcode scaleByNadam} times the learning rate. Weight decay is added to the
 * gradient.
 *
 * @throws RangeError unless 0 < β < 1 for both, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.nadam({ learningRate: 0.1 }), params = { w: tensor([1, 2]) };
 * const [next] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(w[0]! < 0.95 && w[1]! > 2.05);
 * ```
 */
export const nadam = (options: AdamOptions): Chain<AdamState> =>
  withPenalty(
    "nadam",
    options,
    scaleByNadam(options),
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
  );

/** The record of NAdam. */
export const NADAM = {
  create: nadam as OptimizerRecord["create"],
  learningRate: 0.002,
  options: BETAS,
} as const satisfies OptimizerRecord;
