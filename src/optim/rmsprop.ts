/**
 * The RMSProp optimizer.
 *
 * @module
 */
import { add, constant, div, mul, sqrt } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import {
  checkWithin,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerRecord,
  resolve,
  updateAll,
  zerosLike,
} from "./optimizer.ts";

/** Options of {@linkcode rmsprop}. */
export interface RmspropOptions extends OptimizerOptions {
  /** The decay rate of the running mean of squared gradients; 0.9 if left out. */
  readonly decay?: number | undefined;
  /** Added to the denominator, against division by zero; 1e-8 if left out. */
  readonly epsilon?: number;
}

/** The step count, i32 [], and running means of squared gradients, a tree like the parameters. */
export type RmspropState = { readonly step: Tensor; readonly squares: Params };

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
export function rmsprop(options: RmspropOptions): Optimizer<RmspropState> {
  const { decay = 0.9, epsilon = 1e-8 } = options;
  const resolved = resolve("rmsprop", options);
  checkWithin("rmsprop", "decay", decay, 0, 1);
  checkWithin("rmsprop", "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return {
    init: (params) => ({ step: constant(0, [], "i32"), squares: zerosLike(params) }),
    step: (params, grads, { step, squares }) => {
      const rate = resolved.learningRate(step);
      const [next, running] = updateAll(
        resolved,
        { params, grads, states: [squares], rate },
        (g, [h], rate) => {
          const square = add(mul(h, decay), mul(mul(g, g), 1 - decay));
          return [div(mul(g, rate), add(sqrt(square), epsilon)), square];
        },
      );
      return [next, { step: add(step, 1), squares: running }];
    },
  };
}

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
