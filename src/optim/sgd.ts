/**
 * Stochastic gradient descent with momentum.
 *
 * @module
 */
import type { Params, Tensor } from "../tensor.ts";
import type { Chain } from "./chain.ts";
import { checkWithin } from "./multiplier.ts";
import type { OptimizerOptions, OptimizerRecord } from "./optimizer.ts";
import { scaleByLearningRate } from "./scale.ts";
import type { Schedule } from "./schedule.ts";
import { trace } from "./trace.ts";
import { rateSchedule, withPenalty } from "./with_options.ts";

/** Options of {@linkcode sgd}. */
export interface SgdOptions extends OptimizerOptions {
  /** The momentum coefficient, or a schedule of values from 0 to below 1; 0 if left out. */
  readonly momentum?: number | Schedule | undefined;
  /** Whether to use Nesterov momentum; false if left out. */
  readonly nesterov?: boolean | undefined;
}

/** The step count, i32 [], and the velocity, a tree like the parameters. */
export type SgdState = { readonly step: Tensor; readonly velocity: Params };

/**
 * Caffe's SGD: v ← momentum · v + rate · g, w ← w - v; with `nesterov`, w ← w - (momentum · v + rate · g)
 * after v has been updated, which is Caffe's (1 + momentum) · v - momentum · v before, and PyTorch's at a
 * constant rate. The learning rate is inside v, so a drop of the rate takes effect on v gradually.
 *
 * The chain is `freeze`, `clipByGlobalNorm`, `addDecayedWeights`, `scaleByLearningRate`, `trace`, as far as
 * the options ask for them.
 *
 * @throws RangeError unless 0 ≤ momentum < 1 and the rate is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.sgd({ learningRate: 0.1, momentum: 0.9 }), params = { w: tensor([1, 2]) };
 * const [next, state] = optimizer.step(params, { w: tensor([10, -10]) }, optimizer.init(params));
 * const { w } = await run.read(next);
 * console.assert(w.join() === "0,3" && state.step.dtype === "i32");
 * ```
 */
export function sgd(options: SgdOptions): Chain<SgdState> {
  const { momentum = 0, nesterov } = options;
  if (typeof momentum === "number") checkWithin("sgd", "momentum", momentum, 0, 1);
  return withPenalty(
    "sgd",
    options,
    scaleByLearningRate(rateSchedule(options), options.rateMultiplier),
    trace(momentum, { nesterov }),
  );
}

/** Momentum, as options. */
export const MOMENTUM = {
  momentum: {
    kind: "number",
    from: 0,
    below: 1,
    default: 0.9,
    help: "The momentum coefficient.",
    scheduled: true,
  },
  nesterov: { kind: "flag", help: "Nesterov momentum." },
} as const satisfies OptimizerRecord["options"];

/** The record of SGD. */
export const SGD = {
  create: sgd as OptimizerRecord["create"],
  learningRate: 0.01,
  options: MOMENTUM,
} as const satisfies OptimizerRecord;
