/**
 * Activations of exponentials as layers: SiLU, ELU, SELU, softplus, Mish.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { stateless, withOptions } from "./define_layer.ts";
import type { Layer, NoParams } from "./layer.ts";

/**
 * Sigmoid linear unit, x · σ(x), also known as swish: Ramachandran, Zoph & Le, "Searching for Activation
 * Functions" (2017). As PyTorch's `SiLU`.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.silu([], tensor([-200, 0, 200])));
 * console.assert(y.join() === "0,0,200");
 * ```
 */
export const silu: Layer<NoParams> = stateless("silu", (x) => ops.mul(x, ops.sigmoid(x)));

/** x where it is positive, else α (eˣ - 1). */
const linearOrExponential = (x: Tensor, alpha: number): Tensor =>
  ops.where(ops.greater(x, 0), x, ops.mul(ops.expm1(ops.minimum(x, 0)), alpha));

/**
 * Exponential linear unit: x where x > 0, else α (eˣ - 1). Clevert, Unterthiner & Hochreiter (2015), eq. 15.
 *
 * @param alpha α; 1 if left out.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.elu(2)([], tensor([-Infinity, 0, 3])));
 * console.assert(y.join() === "-2,0,3");
 * ```
 */
export const elu = (alpha = 1): Layer<NoParams> =>
  withOptions(stateless("elu", (x) => linearOrExponential(x, alpha)), { alpha });

/** λ and α for which mean 0 and variance 1 are a fixed point. */
const SELU_SCALE = 1.0507009873554805, SELU_ALPHA = 1.6732632423543772;

/**
 * Scaled exponential linear unit, with the fixed point of mean 0 and variance 1: Klambauer et al.,
 * "Self-Normalizing Neural Networks" (2017), eq. 2. As PyTorch's `SELU`.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.selu([], tensor([-Infinity, 0, 1])));
 * console.assert(Math.abs(y[0]! + 1.7580993) < 1e-6 && Math.abs(y[2]! - 1.050701) < 1e-6);
 * ```
 */
export const selu: Layer<NoParams> = stateless(
  "selu",
  (x) => ops.mul(linearOrExponential(x, SELU_ALPHA), SELU_SCALE),
);

/**
 * log(1 + eˣ), a smooth ReLU.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.softplus([], tensor([-1000, 1000])));
 * console.assert(y.join() === "0,1000");
 * ```
 */
export const softplus: Layer<NoParams> = stateless("softplus", ops.softplus);

/**
 * x · tanh(softplus(x)): Misra, "Mish" (2019).
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.mish([], tensor([-1000, 0, 1000])));
 * console.assert(y[1] === 0 && y[2] === 1000);
 * ```
 */
export const mish: Layer<NoParams> = stateless(
  "mish",
  (x) => ops.mul(x, ops.tanh(ops.softplus(x))),
);
