/**
 * Gradient clipping.
 *
 * @module
 */
import { add, div, greater, maximum, minimum, mul, sqrt, sum, where } from "../ops/mod.ts";
import { perParameter, type Transformation } from "./transformation.ts";

function checkLimit(name: string, what: string, limit: number): void {
  if (limit > 0) return;
  throw new RangeError(`${name}: expected ${what} above 0, found ${limit}`);
}

/**
 * If the global norm of all updates exceeds a norm, they are scaled to it. Throws RangeError unless it is
 * above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.clipByGlobalNorm(1)), params = { v: tensor([0]), w: tensor([0]) };
 * const [next] = optimizer.step(params, { v: tensor([3]), w: tensor([4]) }, optimizer.init(params));
 * const { v, w } = await run.read(next);
 * console.assert(Math.abs(v[0]! + 0.6) < 1e-6 && Math.abs(w[0]! + 0.8) < 1e-6);
 * ```
 */
export function clipByGlobalNorm(norm: number): Transformation {
  checkLimit("clipByGlobalNorm", "a norm", norm);
  return {
    slots: {},
    update(all) {
      if (norm === Infinity || all.length === 0) return all;
      const found = sqrt(all.map(({ update: g }) => sum(mul(g, g))).reduce(add));
      const scale = where(greater(found, norm), div(norm, found), 1);
      return all.map(({ update }) => ({ update: mul(update, scale) }));
    },
  };
}

/**
 * Every element of an update is limited to [-limit, limit]. Throws RangeError unless the limit is above 0.
 *
 * @example
 * ```ts
 * import { open, optim, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const optimizer = optim.chain(optim.clip(1)), w = tensor([0, 0]);
 * const [next] = optimizer.step(w, tensor([3, -0.5]), optimizer.init(w));
 * console.assert((await run.read(next)).join() === "-1,0.5");
 * ```
 */
export function clip(limit: number): Transformation {
  checkLimit("clip", "a limit", limit);
  return perParameter(
    {},
    () => ({ update }) => ({ update: maximum(minimum(update, limit), -limit) }),
  );
}
