/**
 * Layer-sequential unit-variance initialization: Mishkin & Matas, "All You Need Is a Good Init" (ICLR
 * 2016), algorithm 1, as a pure fold over the layers in execution order.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import { constant } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { foldLayers } from "./fold_layers.ts";
import { checkAlone, type LsuvOptions, resolve } from "./lsuv_options.ts";
import { allOrNothing } from "./all_or_nothing.ts";
import type { Report } from "./report.ts";
import { measureOnly, rescale } from "./rescale.ts";

/**
 * {@linkcode lsuv}, with a report for each layer.
 *
 * @returns The new parameters and the report. A layer that does not converge, or whose variance is zero, is
 * reported and does not throw; so are further uses of weights, and weights that are in no layer with a `unit`.
 * Where the variance of any layer is not finite, its report says so and all parameters are those given.
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.relu, nn.dense(4)), x = normal(key(1), [64, 8]);
 * const [params, report] = init.lsuvWithReport(net, net.init(key(0), x), x);
 * const { after, converged } = await run.read(report.units["[2] dense"]!);
 * console.assert(Math.abs(after[0]! - 1) < 0.1 && converged[0] === 1 && params.length === 3);
 * ```
 */
export function lsuvWithReport<P extends Params>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [P, Report] {
  checkAlone(options);
  const resolved = resolve(options);
  const { params: scaled, units, uncovered, stale } = foldLayers(
    net,
    params,
    x,
    resolved,
    (at) => rescale(at, resolved),
  );
  const now = stale
    ? foldLayers(net, scaled, x, resolved, (at) => measureOnly(at, resolved)).units
    : {};
  const measured = Object.fromEntries(
    Object.entries(units).map(([name, unit]) => {
      const { before, trials } = unit;
      return [name, { ...unit, ...now[name], before, trials }];
    }),
  );
  const result = allOrNothing(params, { params: scaled, units: measured });
  return [result.params, {
    units: result.units,
    uncovered: Object.fromEntries(
      Object.entries(uncovered).map(([path, used]) => [path, constant(Number(used), [], "u32")]),
    ),
  }];
}

/**
 * LSUV: scales the weights of each layer, in execution order, so that its output on a batch has unit
 * variance (one population variance over all images, positions and channels, separate for each maxout
 * piece). Biases are not changed; the classifier is included.
 *
 * The net is run, so that any net works: parts in any order, parts called several times, custom layers that
 * call layers. Shared weights are scaled for their first use. Weights that are in no layer with a `unit`,
 * such as learned positions, are not changed; {@linkcode lsuvWithReport} lists them.
 *
 * A pure function, so that it runs under `jit` without reading anything back: variances after rescaling are
 * computed algebraically instead of measured again, and activations are propagated with the new weights, so
 * that it costs two to three forward passes.
 *
 * @param net A net, or a list of layers in sequence; `net.layers` stands for the net itself.
 * @param params Its pre-initialized parameters; with orthonormal weights for the paper's method.
 * @param x A batch of inputs, f32 [batch, ...], or integers for layers that take them.
 * @returns The parameters with scaled weights.
 * @throws RangeError on no layers, parameters that do not fit, options out of range, and if all weights are
 * in layers without a `unit`.
 *
 * @example
 * ```ts
 * import { type Key, key, lsuv, nn } from "@goodinit/goodinit";
 * import { normal, open, sequential, type Tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.conv(8, 3), nn.relu, nn.flatten, nn.dense(10));
 * const images = normal(key(1), [4, 8, 8, 1]);
 * const init = run.jit((k: Key, x: Tensor) => lsuv(net, net.init(k, x), x));
 * const params = init(key(0), images);
 * console.assert(params[0].w.shape.join() === "3,3,1,8");
 * ```
 */
export const lsuv = <P extends Params>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): P => {
  const [scaled, { units, uncovered }] = lsuvWithReport(net, params, x, options);
  const alone = Object.keys(uncovered);
  if (Object.keys(units).length === 0 && alone.length > 0 && !options.only) {
    throw new RangeError(
      `lsuv: expected weights in layers with a unit, found them only elsewhere: ${
        alone.join(", ")
      }`,
    );
  }
  return scaled;
};
