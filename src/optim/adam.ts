/**
 * The Adam optimizer.
 *
 * @module
 */
import { add, cast, constant, div, exp, less, mul, sqrt, sub, where } from "../ops/mod.ts";
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

/** Options of {@linkcode adam}. */
export interface AdamOptions extends OptimizerOptions {
  /** The decay rate of the running mean of gradients; 0.9 if left out. */
  readonly beta1?: number;
  /** The decay rate of the running mean of squared gradients; 0.999 if left out. */
  readonly beta2?: number;
  /** Added to the denominator, against division by zero; 1e-8 if left out. */
  readonly epsilon?: number;
}

/** The step count, i32 [], and running means of gradients and their squares, trees like the parameters. */
export type AdamState = {
  readonly step: Tensor;
  readonly means: Params;
  readonly squares: Params;
};

/** 1 - β^t, without cancellation in float32 where β^t is close to 1. */
function oneMinusPower(beta: number, t: Tensor): Tensor {
  const z = mul(t, -Math.log(beta));
  const series = mul(z, sub(1, mul(z, sub(1 / 2, mul(z, sub(1 / 6, mul(z, 1 / 24)))))));
  return where(less(z, 0.05), series, sub(1, exp(mul(z, -1))));
}

/**
 * Adam in PyTorch's form: m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g²,
 * w ← w - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + epsilon). Kingma & Ba (2014), algorithm 1; weight
 * decay is added to g, not decoupled.
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
export function adam(options: AdamOptions): Optimizer<AdamState> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const resolved = resolve("adam", options);
  checkWithin("adam", "beta1", beta1, Number.MIN_VALUE, 1);
  checkWithin("adam", "beta2", beta2, Number.MIN_VALUE, 1);
  checkWithin("adam", "epsilon", epsilon, Number.MIN_VALUE, Infinity);
  return {
    init: (params) => ({
      step: constant(0, [], "i32"),
      means: zerosLike(params),
      squares: zerosLike(params),
    }),
    step: (params, grads, { step, means, squares }) => {
      const t = cast(add(step, 1), "f32");
      const rate = div(resolved.learningRate(step), oneMinusPower(beta1, t));
      const root = sqrt(oneMinusPower(beta2, t));
      const [next, mean, square] = updateAll(
        resolved,
        { params, grads, states: [means, squares], rate },
        (g, [m, v], rate) => {
          const mean = add(mul(m, beta1), mul(g, 1 - beta1));
          const square = add(mul(v, beta2), mul(mul(g, g), 1 - beta2));
          return [div(mul(mean, rate), add(div(sqrt(square), root), epsilon)), mean, square];
        },
      );
      return [next, { step: add(step, 1), means: mean, squares: square }];
    },
  };
}

/** The record of Adam. */
export const ADAM = {
  create: adam as OptimizerRecord["create"],
  learningRate: 0.001,
} as const satisfies OptimizerRecord;
