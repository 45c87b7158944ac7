/**
 * Stochastic gradient descent with momentum.
 *
 * @module
 */
import { add, constant, mul } from "../ops/mod.ts";
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
import type { Schedule } from "./schedule.ts";

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
export function sgd(options: SgdOptions): Optimizer<SgdState> {
  const { momentum = 0, nesterov = false } = options;
  const resolved = resolve("sgd", options);
  if (typeof momentum === "number") checkWithin("sgd", "momentum", momentum, 0, 1);
  return {
    init: (params) => ({ step: constant(0, [], "i32"), velocity: zerosLike(params) }),
    step: (params, grads, { step, velocity }) => {
      const rate = resolved.learningRate(step);
      const kept = typeof momentum === "number" ? momentum : momentum(step);
      const trees = { params, grads, states: [velocity], rate } as const;
      const [next, moved] = updateAll(resolved, trees, (g, [v], rate) => {
        const scaled = mul(g, rate), speed = add(mul(v, kept), scaled);
        return [nesterov ? add(mul(speed, kept), scaled) : speed, speed];
      });
      return [next, { step: add(step, 1), velocity: moved }];
    },
  };
}

/** The record of SGD. */
export const SGD = {
  create: sgd as OptimizerRecord["create"],
  learningRate: 0.01,
  options: {
    momentum: {
      kind: "number",
      from: 0,
      below: 1,
      default: 0.9,
      help: "The momentum coefficient.",
      scheduled: true,
    },
    nesterov: { kind: "flag", help: "Nesterov momentum." },
  },
} as const satisfies OptimizerRecord;
