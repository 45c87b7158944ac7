/**
 * Lion: steps of one size in the direction of an interpolated momentum's sign.
 *
 * @module
 */
import { add, mul, sign } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { BETAS } from "./adam.ts";
import type { Chain } from "./chain.ts";
import { checkWithin } from "./multiplier.ts";
import type { OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";
import { withDecoupledDecay } from "./with_options.ts";

/** The numbers of {@linkcode scaleByLion}. */
export interface LionNumbers {
  /** The weight of the running mean in an update; 0.9 if left out. */
  readonly beta1?: number | undefined;
  /** The decay rate of the running mean of gradients; 0.99 if left out. */
  readonly beta2?: number | undefined;
}

/** Options of {@linkcode lion}. */
export interface LionOptions extends OptimizerOptions, LionNumbers {}

/** The step count, i32 [], and running means of gradients, a tree like the parameters. */
export type LionState = { readonly step: Tensor; readonly means: Params };

/**
 * Lion's rule without a learning rate: the update is the sign of β₁m + (1 - β₁)g, then m ← β₂m + (1 - β₂)g.
 * Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023), algorithm 2.
 *
 * @throws RangeError unless 0 < β < 1 for both.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByLion(), optim.scaleByLearningRate(0.5)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -0.1]), optimizer.init(w));
 * console.assert((await run.read(next)).join() === "0.5,2.5");
 * ```
 */
export function scaleByLion({ beta1 = 0.9, beta2 = 0.99 }: LionNumbers = {}): Transformation {
  checkWithin("scaleByLion", "beta1", beta1, Number.MIN_VALUE, 1);
  checkWithin("scaleByLion", "beta2", beta2, Number.MIN_VALUE, 1);
  return perParameter({ means: zeroSlot }, () => ({ update: g, slots: { means: m } }) => ({
    update: sign(add(mul(m!, beta1), mul(g, 1 - beta1))),
    slots: { means: add(mul(m!, beta2), mul(g, 1 - beta2)) },
  }));
}

/**
 * Lion: {@linkcode scaleByLion}, decoupled weight decay, and the learning rate, which is that of Adam divided
 * by 3 to 10 as a rule, with a decay as many times larger.
 *
 * @throws RangeError unless 0 < β < 1 for both and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.lion({ learningRate: 0.5, weightDecay: 1 }), params = { w: tensor([1]) };
 * const [next] = optimizer.step(params, { w: tensor([10]) }, optimizer.init(params));
 * console.assert((await run.read(next)).w[0] === 0);
 * ```
 */
export const lion = (options: LionOptions): Chain<LionState> =>
  withDecoupledDecay("lion", options, scaleByLion(options));

/** The record of Lion. */
export const LION = {
  create: lion as OptimizerRecord["create"],
  learningRate: 1e-4,
  options: { beta1: BETAS.beta1, beta2: { ...BETAS.beta2, default: 0.99 } },
} as const satisfies OptimizerRecord;
