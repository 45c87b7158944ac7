/**
 * Constraints on parameters, applied after each update of an optimizer.
 *
 * @module
 */
import { div, greater, mul, sqrt, sum, where } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, leaves, unflatten } from "../tree.ts";
import type { Optimizer } from "./optimizer.ts";

/** The nearest allowed value of a parameter; the same tensor where it is not constrained. */
export type Constraint = (w: Tensor, path: string) => Tensor;

/**
 * An optimizer whose updated parameters are constrained. Its state is that of the optimizer; parameters that
 * it left as they were stay so.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.constrain(optim.sgd({ learningRate: 1 }), optim.maxNorm(1));
 * const params = { w: tensor([[0, 1]]), b: tensor([5, 5]) }, grads = { w: tensor([[-3, 0.5]]), b: tensor([0, 0]) };
 * const [next] = optimizer.step(params, grads, optimizer.init(params));
 * const { w, b } = await run.read(next);
 * console.assert(w.join() === "1,0.5" && b.join() === "5,5");
 * ```
 */
export const constrain = <S extends Params>(
  optimizer: Optimizer<S>,
  constraint: Constraint,
): Optimizer<S> => ({
  init: (params) => optimizer.init(params),
  step: <P extends Params>(params: P, grads: P, state: S) => {
    const [next, nextState] = optimizer.step(params, grads, state);
    const before = leaves<Tensor>(params);
    const allowed = entries<Tensor>(next).map(([path, w], i) =>
      w === before[i] ? w : constraint(w, path)
    );
    return [unflatten<unknown, Tensor, Tensor>(params, allowed) as P, nextState];
  },
});

/**
 * The constraint that the weights of an output have an l2 norm of at most `limit`, over all axes of `w` but
 * the last: pylearn2's `max_kernel_norm` of a convolution's output channel over all taps and inputs,
 * `max_col_norm` of a dense layer's output. A maxout piece is an output of its own. Biases and other
 * parameters of fewer than two axes are not constrained.
 *
 * @param limit The norm, or one by path such as `[0].w`, Infinity for none. Throws RangeError on one that is
 * not above 0.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "@goodinit/goodinit";
 *
 * const constraint = optim.maxNorm((path) => path === "[0].w" ? 0.9 : Infinity);
 * const w = tensor([[3], [4]]);
 * console.assert(constraint(w, "[1].w") === w && constraint(w, "[0].w") !== w);
 * ```
 */
export function maxNorm(limit: number | ((path: string) => number)): Constraint {
  if (typeof limit !== "function") checkLimit(limit);
  return (w, path) => {
    const most = typeof limit === "function" ? checkLimit(limit(path), path || "w") : limit;
    if (w.rank < 2 || most === Infinity) return w;
    const axes = Array.from({ length: w.rank - 1 }, (_, axis) => axis);
    const norm = sqrt(sum(mul(w, w), axes));
    return mul(w, where(greater(norm, most), div(most, norm), 1));
  };
}

/** A greatest norm. Throws RangeError unless it is above 0. */
function checkLimit(limit: number, of?: string): number {
  if (limit > 0) return limit;
  throw new RangeError(`maxNorm: expected a norm above 0${of ? ` of ${of}` : ""}, found ${limit}`);
}
