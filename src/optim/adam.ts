/**
 * The Adam optimizer, with the L2 penalty or decoupled weight decay.
 *
 * @module
 */
import { add, constant, div, mul, sqrt } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { countFrom1, oneMinusPower } from "./bias_correction.ts";
import type { Chain } from "./chain.ts";
import { checkWithin } from "./multiplier.ts";
import type { OptimizerNumber, OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { ratesByPath } from "./scale.ts";
import type { Schedule } from "./schedule.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";
import { rateSchedule, withDecoupledDecay, withPenalty } from "./with_options.ts";

/** The numbers of {@linkcode scaleByAdam}. */
export interface AdamNumbers {
  /** The decay rate of the running mean of gradients; 0.9 if left out. */
  readonly beta1?: number | undefined;
  /** The decay rate of the running mean of squared gradients; 0.999 if left out. */
  readonly beta2?: number | undefined;
  /** Added to the denominator, against division by zero; 1e-8 if left out. */
  readonly epsilon?: number | undefined;
}

/** Options of {@linkcode adam} and {@linkcode adamw}. */
export interface AdamOptions extends OptimizerOptions, AdamNumbers {}

/** The step count, i32 [], and running means of gradients and their squares, trees like the parameters. */
export type AdamState = {
  readonly step: Tensor;
  readonly means: Params;
  readonly squares: Params;
};

/** The numbers with their defaults. Throws RangeError unless 0 < β < 1 for both and epsilon > 0. */
export function adamNumbers(
  kind: string,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamNumbers,
): { readonly beta1: number; readonly beta2: number; readonly epsilon: number } {
  checkWithin(kind, "beta1", beta1, Number.MIN_VALUE, 1);
  checkWithin(kind, "beta2", beta2, Number.MIN_VALUE, 1);
  checkWithin(kind, "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return { beta1, beta2, epsilon };
}

/** Adam's rule times a learning rate, which is part of the correction's factor and so costs nothing. */
function adamRule(
  kind: string,
  numbers: AdamNumbers,
  rate: Schedule,
  multiplier: OptimizerOptions["rateMultiplier"],
): Transformation {
  const { beta1, beta2, epsilon } = adamNumbers(kind, numbers);
  return perParameter({ means: zeroSlot, squares: zeroSlot }, (step) => {
    const t = countFrom1(step);
    const rates = ratesByPath(div(rate(step), oneMinusPower(beta1, t)), multiplier);
    const root = sqrt(oneMinusPower(beta2, t));
    return ({ path, update: g, slots }) => {
      const means = add(mul(slots.means!, beta1), mul(g, 1 - beta1));
      const squares = add(mul(slots.squares!, beta2), mul(mul(g, g), 1 - beta2));
      const update = div(mul(means, rates(path)), add(div(sqrt(squares), root), epsilon));
      return { update, slots: { means, squares } };
    };
  });
}

/**
 * Adam's rule without a learning rate: m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g², and the update is
 * m / (1 - β₁ᵗ) / (√v / √(1 - β₂ᵗ) + epsilon). Kingma & Ba, "Adam" (2015), algorithm 1.
 *
 * @throws RangeError unless 0 < β < 1 for both and epsilon > 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByAdam(), optim.scaleByLearningRate(0.1)), w = tensor([1, 2]);
 * const [next] = optimizer.step(w, tensor([10, -10]), optimizer.init(w));
 * const found = await run.read(next);
 * console.assert(Math.abs(found[0]! - 0.9) < 1e-6 && Math.abs(found[1]! - 2.1) < 1e-6);
 * ```
 */
export const scaleByAdam = (numbers: AdamNumbers = {}): Transformation =>
  adamRule("scaleByAdam", numbers, () => constant(1), undefined);

/**
 * Adam in PyTorch's form: m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g²,
 * w ← w - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + epsilon). Kingma & Ba (2014), algorithm 1; weight
 * decay is added to g, not decoupled as in {@linkcode adamw}. The chain of `scaleByAdam` and
 * `scaleByLearningRate`, but for rounding.
 *
 * @throws RangeError unless 0 < β < 1 for both, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.adam({ learningRate: 0.1 }), params = { w: tensor([1, 2]) };
 * const [next, state] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(Math.abs(w[0]! - 0.9) < 1e-6 && Math.abs(w[1]! - 2.1) < 1e-6 && state.step.dtype === "i32");
 * ```
 */
export const adam = (options: AdamOptions): Chain<AdamState> =>
  withPenalty(
    "adam",
    options,
    adamRule("adam", options, rateSchedule(options), options.rateMultiplier),
  );

/**
 * Adam with decoupled weight decay, PyTorch's AdamW: the decay, times the learning rate, is subtracted beside
 * Adam's update and is no part of the running means. Loshchilov & Hutter, "Decoupled Weight Decay
 * Regularization" (2019). `weightDecay` is 0.01 if left out.
 *
 * @throws RangeError as {@linkcode adam} does.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.adamw({ learningRate: 0.1, weightDecay: 0.5 }), params = { w: tensor([1, 2]) };
 * const [next] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(Math.abs(w[0]! - 0.85) < 1e-6 && Math.abs(w[1]! - 2) < 1e-6);
 * ```
 */
export const adamw = (options: AdamOptions): Chain<AdamState> =>
  withDecoupledDecay(
    "adamw",
    { weightDecay: 0.01, ...options },
    adamRule("adamw", options, () => constant(1), undefined),
  );

/** The decay rates of Adam and its relatives, as options. */
export const BETAS = {
  beta1: {
    kind: "number",
    from: 1e-6,
    below: 1,
    default: 0.9,
    help: "The decay rate of the running mean of gradients.",
  },
  beta2: {
    kind: "number",
    from: 1e-6,
    below: 1,
    default: 0.999,
    help: "The decay rate of the running mean of squared gradients.",
  },
} as const satisfies Record<string, OptimizerNumber>;

/** The record of Adam. */
export const ADAM = {
  create: adam as OptimizerRecord["create"],
  learningRate: 0.001,
  options: BETAS,
} as const satisfies OptimizerRecord;

/** The record of AdamW. */
export const ADAMW = {
  create: adamw as OptimizerRecord["create"],
  learningRate: 0.001,
  options: BETAS,
} as const satisfies OptimizerRecord;
