/**
 * Piecewise linear activations as layers: parametric ReLU, ReLU6 and the hard forms of sigmoid and swish.
 *
 * @module
 */
import * as ops from "../ops/mod.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { layer, stateless, withOptions } from "./define_layer.ts";
import type { Layer, NoParams } from "./layer.ts";

/** The learned slopes of {@linkcode prelu}, [channels] or [1]. */
export type PreluParams = { readonly slope: Tensor };

/** Options of {@linkcode prelu}. */
export interface PreluOptions {
  /** Whether all channels share one slope; false if left out. */
  readonly shared?: boolean;
  /** The slopes at first; 0.25 if left out, as in the paper. */
  readonly slopeInit?: number;
}

/**
 * Parametric ReLU: x where x > 0, else slope · x, with a learned slope for each channel, the last axis. He et
 * al., "Delving Deep into Rectifiers" (2015), section 2.1. As PyTorch's `PReLU`, whose default is `shared`.
 *
 * @throws RangeError on an input without axes.
 *
 * @example
 * ```ts
 * import { key, nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.prelu(), x = tensor([[-4, 3]]), params = layer.init(key(0), x);
 * console.assert(params.slope.shape.join() === "2");
 * console.assert((await run.read(layer(params, x))).join() === "-1,3");
 * ```
 */
export function prelu(options: PreluOptions = {}): Layer<PreluParams> {
  const { shared = false, slopeInit = 0.25 } = options;
  const made = layer<PreluParams>("prelu", (_, x) => {
    const channels = x.shape.at(-1);
    if (channels === undefined) {
      throw new RangeError(`prelu: expected at least one axis, found ${showSpec(x)}`);
    }
    return { slope: ops.constant(slopeInit, [shared ? 1 : channels]) };
  }, ({ slope }, x) => ops.where(ops.greater(x, 0), x, ops.mul(x, slope)));
  return withOptions(made as Layer, { shared }) as unknown as Layer<PreluParams>;
}

const between = (x: Tensor, low: number, high: number): Tensor =>
  ops.minimum(high, ops.maximum(low, x));

/**
 * min(max(0, x), 6): Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10" (2010).
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(nn.relu6([], tensor([-2, 3, 9])))).join() === "0,3,6");
 * ```
 */
export const relu6: Layer<NoParams> = stateless("relu6", (x) => between(x, 0, 6));

const hardSigmoidOf = (x: Tensor): Tensor => ops.mul(between(ops.add(x, 3), 0, 6), 1 / 6);

/**
 * A sigmoid of three lines, min(max(0, x + 3), 6) / 6. As PyTorch's `Hardsigmoid`.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(nn.hardSigmoid([], tensor([-9, 0, 9])))).join() === "0,0.5,1");
 * ```
 */
export const hardSigmoid: Layer<NoParams> = stateless("hardSigmoid", hardSigmoidOf);

/**
 * x times {@linkcode hardSigmoid}: Howard et al., "Searching for MobileNetV3" (2019), section 5.2. As PyTorch's
 * `Hardswish`.
 *
 * @example
 * ```ts
 * import { nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(nn.hardSwish([], tensor([-9, 1.5, 9])))).join() === "0,1.125,9");
 * ```
 */
export const hardSwish: Layer<NoParams> = stateless(
  "hardSwish",
  (x) => ops.mul(x, hardSigmoidOf(x)),
);
