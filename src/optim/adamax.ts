/**
 * Adamax: Adam with the largest of decayed gradients in place of their root mean square.
 *
 * @module
 */
import { abs, add, div, maximum, mul } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { type AdamNumbers, adamNumbers, type AdamOptions, BETAS } from "./adam.ts";
import { countFrom1, oneMinusPower } from "./bias_correction.ts";
import type { Chain } from "./chain.ts";
import type { OptimizerRecord } from "./optimizer.ts";
import { scaleByLearningRate } from "./scale.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";
import { rateSchedule, withPenalty } from "./with_options.ts";

/** The step count, i32 [], running means of gradients and their decayed maxima, trees like the parameters. */
export type AdamaxState = {
  readonly step: Tensor;
  readonly means: Params;
  readonly maxima: Params;
};

/**
 * Adamax's rule without a learning rate: m ← β₁m + (1 - β₁)g, u ← max(β₂u, |g| + epsilon), and the update is
 * m / (1 - β₁ᵗ) / u. Kingma & Ba, "Adam" (2015), algorithm 2, in PyTorch's form.
 *
 * @throws RangeError unless 0 < β < 1 for both and epsilon > 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByAdamax(), optim.scaleByLearningRate(0.1)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -10]), optimizer.init(w));
 * const found = await run.read(next);
 * console.assert(Math.abs(found[0]! - 0.9) < 1e-6 && Math.abs(found[1]! - 2.1) < 1e-6);
 * ```
 */
export function scaleByAdamax(numbers: AdamNumbers = {}): Transformation {
  const { beta1, beta2, epsilon } = adamNumbers("scaleByAdamax", numbers);
  return perParameter({ means: zeroSlot, maxima: zeroSlot }, (step) => {
    const corrected = div(1, oneMinusPower(beta1, countFrom1(step)));
    return ({ update: g, slots }) => {
      const means = add(mul(slots.means!, beta1), mul(g, 1 - beta1));
      const maxima = maximum(mul(slots.maxima!, beta2), add(abs(g), epsilon));
      return { update: div(mul(means, corrected), maxima), slots: { means, maxima } };
    };
  });
}

/**
 * Adamax in PyTorch's form: {@linkcode scaleByAdamax} times the learning rate. Weight decay is added to the
 * gradient.
 *
 * @throws RangeError unless 0 < β < 1 for both, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.adamax({ learningRate: 0.1 }), params = { w: tensor([1]) };
 * const [next] = optimizer.step(params, { w: tensor([10]) }, optimizer.init(params));
 * console.assert(Math.abs((await run.read(next)).w[0]! - 0.9) < 1e-6);
 * ```
 */
export const adamax = (options: AdamOptions): Chain<AdamaxState> =>
  withPenalty(
    "adamax",
    options,
    scaleByAdamax(options),
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
  );

/** The record of Adamax. */
export const ADAMAX = {
  create: adamax as OptimizerRecord["create"],
  learningRate: 0.002,
  options: BETAS,
} as const satisfies OptimizerRecord;
