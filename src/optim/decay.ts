/**
 * Weight decay.
 *
 * @module
 */
import { add, mul } from "../ops/mod.ts";
import { checkedFactor, checkWithin, type Multiplier, notBias } from "./multiplier.ts";
import { perParameter, type Transformation } from "./transformation.ts";

/**
 * A coefficient times each parameter is added to its update: before a rule of gradients the L2 penalty, as in
 * Caffe and PyTorch's SGD; after it decoupled weight decay, as in AdamW. Throws RangeError on a negative
 * coefficient.
 *
 * @param multiplier The factor of the coefficient by parameter; if left out, 0 for parameters named `b` and 1
 * for all others.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.addDecayedWeights(0.5)), w = tensor([2]);
 * const [next] = optimizer.step(w, tensor([0]), optimizer.init(w));
 * console.assert((await run.read(next))[0] === 1);
 * ```
 */
export function addDecayedWeights(
  coefficient: number,
  multiplier: Multiplier = notBias,
): Transformation {
  checkWithin("addDecayedWeights", "a coefficient", coefficient, 0, Infinity);
  return perParameter({}, () => ({ path, param, update }) => {
    const factor = checkedFactor("addDecayedWeights", "the multiplier", multiplier, path);
    const decay = coefficient * factor;
    return { update: decay > 0 ? add(update, mul(param, decay)) : update };
  });
}
