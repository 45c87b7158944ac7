/**
 * Updates in proportion to the norm of their parameter, for large batches: LARS and LAMB.
 *
 * @module
 */
import { div, greater, mul, sqrt, sum, where } from "../ops/mod.ts";
import { type AdamOptions, type AdamState, BETAS, scaleByAdam } from "./adam.ts";
import { type Chain, masked } from "./chain.ts";
import { checkWithin, notBias } from "./multiplier.ts";
import type { OptimizerRecord } from "./optimizer.ts";
import { scaleByLearningRate } from "./scale.ts";
import { MOMENTUM, type SgdOptions, type SgdState } from "./sgd.ts";
import { trace } from "./trace.ts";
import { perParameter, type Transformation } from "./transformation.ts";
import { rateSchedule, withDecoupledDecay, withPenalty } from "./with_options.ts";

/**
 * Each parameter's update times the norm of the parameter over that of the update, and a coefficient; times 1
 * where either norm is 0. You, Gitman & Ginsburg, "Large Batch Training of Convolutional Networks" (2017).
 *
 * @param coefficient Throws RangeError unless it is above 0; 1 if left out.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByTrustRatio(0.5)), w = tensor([3, 4]);
 * const [next] = optimizer.step(w, tensor([0, 100]), optimizer.init(w));
 * console.assert((await run.read(next)).join() === "3,1.5");
 * ```
 */
export function scaleByTrustRatio(coefficient = 1): Transformation {
  checkWithin("scaleByTrustRatio", "a coefficient", coefficient, Number.MIN_VALUE, Infinity);
  return perParameter({}, () => ({ param, update }) => {
    const [own, found] = [param, update].map((x) => sqrt(sum(mul(x, x)))) as [
      typeof param,
      typeof param,
    ];
    const known = mul(greater(own, 0), greater(found, 0));
    // Where the update's norm is 0 any divisor will do.
    const ratio = mul(div(own, where(greater(found, 0), found, 1)), coefficient);
    return { update: mul(update, where(known, ratio, 1)) };
  });
}

/** Options of {@linkcode lars}. */
export interface LarsOptions extends SgdOptions {
  /** The factor of the norms' ratio; 0.001 if left out. */
  readonly trust?: number | undefined;
}

/**
 * LARS: weight decay, the trust ratio, the learning rate and momentum. Biases have neither a decay nor a
 * ratio. You, Gitman & Ginsburg, "Large Batch Training of Convolutional Networks" (2017), algorithm 1.
 *
 * @throws RangeError unless 0 ≤ momentum < 1, the trust coefficient and the rate are above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.lars({ learningRate: 1, trust: 0.5 }), params = { w: tensor([3, 4]) };
 * const [next] = optimizer.step(params, { w: tensor([0, 100]) }, optimizer.init(params));
 * console.assert((await run.read(next)).w.join() === "3,1.5");
 * ```
 */
export function lars(options: LarsOptions): Chain<SgdState> {
  const { momentum = 0.9, nesterov, trust = 0.001 } = options;
  return withPenalty(
    "lars",
    options,
    masked(scaleByTrustRatio(trust), notBias),
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
    trace(momentum, { nesterov }),
  );
}

/**
 * LAMB: Adam's rule, weight decay, the trust ratio of both, and the learning rate. Biases have neither a decay
 * nor a ratio. You et al., "Large Batch Optimization for Deep Learning" (2020), algorithm 2, with φ(x) = x.
 *
 * @throws RangeError unless 0 < β < 1 for both, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.lamb({ learningRate: 0.1 }), params = { w: tensor([3, 4]) };
 * const [next] = optimizer.step(params, { w: tensor([1, -1]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(Math.abs(w[0]! - (3 - 0.5 / Math.SQRT2)) < 1e-5);
 * ```
 */
export function lamb(options: AdamOptions): Chain<AdamState> {
  const { beta1, beta2, epsilon = 1e-6 } = options;
  const rule = scaleByAdam({ beta1, beta2, epsilon });
  return withDecoupledDecay("lamb", options, rule, masked(scaleByTrustRatio(), notBias));
}

/** The record of LARS. */
export const LARS = {
  create: lars as OptimizerRecord["create"],
  learningRate: 1,
  options: MOMENTUM,
} as const satisfies OptimizerRecord;

/** The record of LAMB. */
export const LAMB = {
  create: lamb as OptimizerRecord["create"],
  learningRate: 0.002,
  options: BETAS,
} as const satisfies OptimizerRecord;
