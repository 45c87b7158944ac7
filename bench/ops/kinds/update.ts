/**
 * Updates of optimizers, in place of the parameters and the state.
 *
 * @module
 */
import * as g from "../../../mod.ts";
import { filled, UPDATE, type Work } from "../work.ts";

/** How many parameters, and the size of each. */
export interface UpdateSize {
  readonly count: number;
  readonly n: number;
}

const LEARNING_RATE = 0.001;

const updates = (optimizer: g.optim.Optimizer) => ({ count, n }: UpdateSize): Work => {
  const fill = (from: number) => Array.from({ length: count }, (_, i) => filled([n], from + i));
  const params = fill(1), state = optimizer.init(params), leaves = g.tree.leaves<g.Tensor>(state);
  return {
    [UPDATE]: {
      inputs: fill(1001),
      carry: [...params, ...leaves],
      compared: count,
      compute: (gradients, carry) => {
        const now = g.tree.unflatten<unknown, g.Tensor, g.Tensor>(state, carry.slice(count));
        const [next, after] = optimizer.step(carry.slice(0, count), gradients, now as g.Params);
        return [...next, ...g.tree.leaves<g.Tensor>(after)];
      },
    },
  };
};

const options = { learningRate: LEARNING_RATE };
export const sgd = updates(g.optim.sgd({ ...options, momentum: 0.9 }) as g.optim.Optimizer);
export const adam = updates(g.optim.adam(options) as g.optim.Optimizer);
export const rmsprop = updates(g.optim.rmsprop(options) as g.optim.Optimizer);
export const adagrad = updates(g.optim.adagrad(options) as g.optim.Optimizer);
