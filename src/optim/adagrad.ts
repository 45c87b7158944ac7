/**
 * Adagrad.
 *
 * @module
 */
import { add, cast, constant, div, mul, sqrt } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Chain } from "./chain.ts";
import { checkWithin } from "./multiplier.ts";
import type { OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { ratesByPath } from "./scale.ts";
import { filledSlot, perParameter, type Transformation } from "./transformation.ts";
import { rateSchedule, withPenalty } from "./with_options.ts";

/** The numbers of {@linkcode scaleByRss}. */
export interface RssNumbers {
  /** What the sums of squared gradients begin with; 0 if left out. */
  readonly initialAccumulator?: number | undefined;
  /** Added to the root, against division by zero; 1e-10 if left out. */
  readonly epsilon?: number | undefined;
}

/** Options of {@linkcode adagrad}. */
export interface AdagradOptions extends OptimizerOptions, RssNumbers {
  /** The learning rate of step t, counted from 0, is divided by 1 + t · this; 0 if left out. */
  readonly learningRateDecay?: number;
}

/** The step count, i32 [], and sums of squared gradients, a tree like the parameters. */
export type AdagradState = { readonly step: Tensor; readonly squares: Params };

/** Adagrad's rule times the learning rate of each parameter. */
function rssRule(
  kind: string,
  { initialAccumulator = 0, epsilon = 1e-10 }: RssNumbers,
  rates: (step: Tensor) => (path: string) => Tensor,
): Transformation {
  checkWithin(kind, "initialAccumulator", initialAccumulator, 0, Infinity);
  checkWithin(kind, "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return perParameter({ squares: filledSlot(initialAccumulator) }, (step) => {
    const rate = rates(step);
    return ({ path, update: g, slots }) => {
      const squares = add(slots.squares!, mul(g, g));
      return { update: div(mul(g, rate(path)), add(sqrt(squares), epsilon)), slots: { squares } };
    };
  });
}

/**
 * Adagrad's rule without a learning rate, optax's `scale_by_rss`: h ← h + g², and the update is
 * g / (√h + epsilon). Throws RangeError unless epsilon > 0 and the first value is at least 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByRss(), optim.scale(0.1)), w = tensor([1]);
 * const [next] = optimizer.step(w, tensor([10]), optimizer.init(w));
 * console.assert(Math.abs((await run.read(next))[0]! - 0.9) < 1e-6);
 * ```
 */
export const scaleByRss = (numbers: RssNumbers = {}): Transformation =>
  rssRule("scaleByRss", numbers, () => () => constant(1));

/**
 * Adagrad in PyTorch's form: h ← h + g², w ← w - rate / (1 + t · learningRateDecay) · g / (√h + epsilon).
 * Duchi, Hazan & Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011),
 * with diagonal matrices.
 *
 * @throws RangeError unless epsilon > 0, the other options are at least 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.adagrad({ learningRate: 0.1 }), params = { w: tensor([1, 2]) };
 * const [next, state] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(Math.abs(w[0]! - 0.9) < 1e-6 && Math.abs(w[1]! - 2.1) < 1e-6 && state.step.dtype === "i32");
 * ```
 */
export function adagrad(options: AdagradOptions): Chain<AdagradState> {
  const { learningRateDecay = 0, rateMultiplier } = options, schedule = rateSchedule(options);
  checkWithin("adagrad", "learningRateDecay", learningRateDecay, 0, Infinity);
  const rates = (step: Tensor) => {
    const decay = add(1, mul(cast(step, "f32"), learningRateDecay));
    return ratesByPath(div(schedule(step), decay), rateMultiplier);
  };
  return withPenalty("adagrad", options, rssRule("adagrad", options, rates));
}

/** Adagrad by its name. */
export const ADAGRAD = {
  create: adagrad as OptimizerRecord["create"],
  learningRate: 0.01,
} as const satisfies OptimizerRecord;
