/**
 * Momentum.
 *
 * @module
 */
import { add, mul } from "../ops/mod.ts";
import { checkWithin } from "./multiplier.ts";
import type { Schedule } from "./schedule.ts";
import { perParameter, type Transformation, zeroSlot } from "./transformation.ts";

/** Options of {@linkcode trace}. */
export interface TraceOptions {
  /** Whether to use Nesterov momentum; false if left out. */
  readonly nesterov?: boolean | undefined;
}

/**
 * Momentum, optax's `trace`: v ← momentum · v + update becomes the update; with `nesterov`
 * momentum · v + update, after v has been updated. Before the learning rate it is PyTorch's momentum, after it
 * Caffe's, on which a drop of the rate takes effect gradually.
 *
 * @param momentum The momentum coefficient, or a schedule of values from 0 to below 1.
 * @throws RangeError unless 0 ≤ momentum < 1.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.trace(0.5)), w = tensor([0]);
 * const [next, state] = optimizer.step(w, tensor([1]), optimizer.init(w));
 * const [last] = optimizer.step(next, tensor([1]), state);
 * console.assert((await run.read(last))[0] === -2.5);
 * ```
 */
export function trace(
  momentum: number | Schedule,
  { nesterov = false }: TraceOptions = {},
): Transformation {
  if (typeof momentum === "number") checkWithin("trace", "momentum", momentum, 0, 1);
  return perParameter({ velocity: zeroSlot }, (step) => {
    const kept = typeof momentum === "number" ? momentum : momentum(step);
    return ({ update, slots: { velocity: v } }) => {
      const velocity = add(mul(v!, kept), update);
      return {
        update: nesterov ? add(mul(velocity, kept), update) : velocity,
        slots: { velocity },
      };
    };
  });
}
