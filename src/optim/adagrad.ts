/**
 * Adagrad.
 *
 * @module
 */
import { add, cast, constant, div, mul, sqrt } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import {
  checkWithin,
  filledLike,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerRecord,
  resolve,
  updateAll,
} from "./optimizer.ts";

/** Options of {@linkcode adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** The learning rate of step t, counted from 0, is divided by 1 + t · this; 0 if left out. */
  readonly learningRateDecay?: number;
  /** What the sums of squared gradients begin with; 0 if left out. */
  readonly initialAccumulator?: number;
  /** Added to the root, against division by zero; 1e-10 if left out. */
  readonly epsilon?: number;
}

/** The step count, i32 [], and sums of squared gradients, a tree like the parameters. */
export type AdagradState = { readonly step: Tensor; readonly squares: Params };

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
export function adagrad(options: AdagradOptions): Optimizer<AdagradState> {
  const { learningRateDecay = 0, initialAccumulator = 0, epsilon = 1e-10 } = options;
  const resolved = resolve("adagrad", options);
  checkWithin("adagrad", "learningRateDecay", learningRateDecay, 0, Infinity);
  checkWithin("adagrad", "initialAccumulator", initialAccumulator, 0, Infinity);
  checkWithin("adagrad", "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return {
    init: (params) => ({
      step: constant(0, [], "i32"),
      squares: filledLike(params, initialAccumulator),
    }),
    step: (params, grads, { step, squares }) => {
      const decay = add(1, mul(cast(step, "f32"), learningRateDecay));
      const rate = div(resolved.learningRate(step), decay);
      const [next, sums] = updateAll(
        resolved,
        { params, grads, states: [squares], rate },
        (g, [h], rate) => {
          const square = add(h, mul(g, g));
          return [div(mul(g, rate), add(sqrt(square), epsilon)), square];
        },
      );
      return [next, { step: add(step, 1), squares: sums }];
    },
  };
}

/** Adagrad by its name. */
export const ADAGRAD = {
  create: adagrad as OptimizerRecord["create"],
  learningRate: 0.01,
} as const satisfies OptimizerRecord;
