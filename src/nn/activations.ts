/**
 * Activations as layers.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import type { Tensor } from "../tensor.ts";
import { checkLeast } from "./check.ts";
import { stateless, withOptions } from "./define_layer.ts";
import { maxOverPieces } from "./weights.ts";
import { showSpec } from "../spec.ts";
import type { Layer, NoParams } from "./layer.ts";

/**
 * ReLU: max(0, x); the derivative at 0 is 0, as in Caffe and PyTorch.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.relu([], tensor([-2, 0, 3])));
 * console.assert(y.join() === "0,0,3");
 * ```
 */
export const relu: Layer<NoParams> = stateless("relu", (x) => ops.maximum(0, x));

/**
 * Leaky ReLU: x where x > 0, else slope · x.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.leakyRelu(0.5)([], tensor([-2, 0, 3])));
 * console.assert(y.join() === "-1,0,3");
 * ```
 */
export const leakyRelu = (slope: number): Layer<NoParams> => leaky("leakyRelu", slope);

const leaky = (kind: string, slope: number): Layer<NoParams> =>
  withOptions(
    stateless(kind, (x) => ops.where(ops.greater(x, 0), x, ops.mul(x, slope))),
    { slope },
  );

/**
 * Very leaky ReLU, with slope 0.333: Graham, "Spatially-sparse convolutional neural networks" (2014).
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.vlrelu([], tensor([-2, 0, 3])));
 * console.assert(Math.abs(y[0]! + 0.666) < 1e-6 && y[2] === 3);
 * ```
 */
export const vlrelu: Layer<NoParams> = leaky("vlrelu", 0.333);

/**
 * The hyperbolic tangent.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.tanh([], tensor([-2, 0, 3])));
 * console.assert(Math.abs(y[2]! - Math.tanh(3)) < 1e-6);
 * ```
 */
export const tanh: Layer<NoParams> = stateless("tanh", ops.tanh);

/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.sigmoid([], tensor([-2, 0, 3])));
 * console.assert(y[1] === 0.5);
 * ```
 */
export const sigmoid: Layer<NoParams> = stateless("sigmoid", ops.sigmoid);

/**
 * Gaussian error linear unit, x · Φ(x) with Φ the normal cumulative distribution function: Hendrycks &
 * Gimpel, "Gaussian Error Linear Units" (2016), section 2. As PyTorch's `GELU`.
 *
 * @param approximate `"tanh"` for the paper's approximation, ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)));
 * exact, by the error function, if left out.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([-2, 0, 3]);
 * const [exact, near] = await run.read([nn.gelu()([], x), nn.gelu("tanh")([], x)]);
 * console.assert(exact[1] === 0 && Math.abs(exact[2]! - 2.9959502) < 1e-6);
 * console.assert(Math.abs(near[2]! - 2.9963627) < 1e-6);
 * ```
 */
export const gelu = (approximate: "none" | "tanh" = "none"): Layer<NoParams> =>
  approximate === "tanh" ? stateless("geluTanh", geluTanh) : stateless("gelu", exactGelu);

const exactGelu = (x: Tensor): Tensor =>
  ops.mul(ops.mul(x, 0.5), ops.add(1, ops.erf(ops.mul(x, Math.SQRT1_2))));

function geluTanh(x: Tensor): Tensor {
  const inner = ops.mul(x, ops.add(1, ops.mul(0.044715, ops.mul(x, x))));
  const half = ops.mul(x, 0.5);
  return ops.mul(half, ops.add(1, ops.tanh(ops.mul(inner, Math.sqrt(2 / Math.PI)))));
}

/**
 * The maximum over pieces, which are consecutive blocks of channels: [..., pieces · channels] → [...,
 * channels]. Goodfellow et al., "Maxout Networks" (2013). Layers with weights have it built in (`pieces`);
 * this is for what stands between them and the maximum, such as batch norm.
 *
 * @throws RangeError on fewer than two pieces; when applied, unless they divide the channels.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(nn.maxout(2)([], tensor([[1, 5, 4, 2]])));
 * console.assert(y.join() === "4,5");
 * ```
 */
export function maxout(pieces: number): Layer<NoParams> {
  checkLeast("maxout", "pieces", pieces, 2);
  const made = stateless("maxout", (x) => {
    if (x.rank > 0 && x.shape.at(-1)! % pieces === 0) return maxOverPieces(x, pieces);
    throw new RangeError(
      `maxout: expected channels that ${pieces} pieces divide, found ${showSpec(x)}`,
    );
  });
  return withOptions(made, { pieces });
}
