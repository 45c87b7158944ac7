/**
 * The RMSProp optimizer.
 *
 * @module
 */
import { add, div, mul, sqrt } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Chain } from "./chain.ts";
import { checkWithin } from "./multiplier.ts";
import type { OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { ratesByPath } from "./scale.ts";
import type { Schedule } from "./schedule.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";
import { rateSchedule, withPenalty } from "./with_options.ts";

/** The numbers of {@linkcode scaleByRms}. */
export interface RmsNumbers {
  /** The decay rate of the running mean of squared gradients; 0.9 if left out. */
  readonly decay?: number | undefined;
  /** Added to the denominator, against division by zero; 1e-8 if left out. */
  readonly epsilon?: number | undefined;
}

/** Options of {@linkcode rmsprop}. */
export interface RmspropOptions extends OptimizerOptions, RmsNumbers {}

/** The step count, i32 [], and running means of squared gradients, a tree like the parameters. */
export type RmspropState = { readonly step: Tensor; readonly squares: Params };

/** RMSProp's rule, times a learning rate if there is one. */
function rmsRule(
  kind: string,
  { decay = 0.9, epsilon = 1e-8 }: RmsNumbers,
  rate?: Schedule,
  multiplier?: OptimizerOptions["rateMultiplier"],
): Transformation {
  checkWithin(kind, "decay", decay, 0, 1);
  checkWithin(kind, "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return perParameter({ squares: zeroSlot }, (step) => {
    const rates = rate && ratesByPath(rate(step), multiplier);
    return ({ path, update: g, slots }) => {
      const squares = add(mul(slots.squares!, decay), mul(mul(g, g), 1 - decay));
      const scaled = rates ? mul(g, rates(path)) : g;
      return { update: div(scaled, add(sqrt(squares), epsilon)), slots: { squares } };
    };
  });
}

/**
 * RMSProp's rule without a learning rate: h ← decay · h + (1 - decay) · g², and the update is
 * g / (√h + epsilon). Throws RangeError unless 0 ≤ decay < 1 and epsilon > 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.scaleByRms({ decay: 0.75 })), w = tensor([0]);
 * const [next] = optimizer.step(w, tensor([10]), optimizer.init(w));
 * console.assert(Math.abs((await run.read(next))[0]! + 2) < 1e-6);
 * ```
 */
export const scaleByRms = (numbers: RmsNumbers = {}): Transformation =>
  rmsRule("scaleByRms", numbers);

/**
 * RMSProp in Caffe's form: h ← decay · h + (1 - decay) · g², w ← w - rate · g / (√h + epsilon).
 *
 * @throws RangeError unless 0 ≤ decay < 1, epsilon > 0 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.rmsprop({ learningRate: 0.1 }), params = { w: tensor([1, 2]) };
 * const [next, state] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(w[0]! < 1 && w[1]! > 2 && state.step.dtype === "i32");
 * ```
 */
export const rmsprop = (options: RmspropOptions): Chain<RmspropState> =>
  withPenalty(
    "rmsprop",
    options,
    rmsRule("rmsprop", options, rateSchedule(options), options.rateMultiplier),
  );

/** The record of RMSProp. */
export const RMSPROP = {
  create: rmsprop as OptimizerRecord["create"],
  learningRate: 0.0005,
  options: {
    decay: {
      kind: "number",
      from: 0,
      below: 1,
      default: 0.9,
      help: "The decay rate of the running mean of squared gradients.",
    },
  },
} as const satisfies OptimizerRecord;
