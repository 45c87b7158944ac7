/**
 * Measures the variances of a net's layers, without scaling.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import type { Params, Tensor } from "../tensor.ts";
import { foldLayers } from "./fold_layers.ts";
import { checkAlone, type LsuvOptions, resolve } from "./lsuv_options.ts";
import { run } from "./measure.ts";

/**
 * The variances that {@linkcode lsuv} would measure first: for each use of a layer with weights, in
 * execution order, f32 with one element per piece (one in all for `normalize: "input"` and `"activation"`).
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.relu, nn.dense(4)), x = normal(key(1), [64, 8]);
 * const found = await run.read(init.variances(net, net.init(key(0), x), x));
 * console.assert(found.length === 2); // One of each dense layer.
 * ```
 */
export const variances = (
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly Tensor[] => Object.values(variancesAndOutput(net, params, x, options)[0]);

/** The result of {@linkcode variances}, by name, and the net's output, in one forward pass. */
export function variancesAndOutput(
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [variances: Readonly<Record<string, Tensor>>, output: Tensor] {
  checkAlone(options);
  const resolved = resolve(options);
  const { units, output } = foldLayers(net, params, x, resolved, (at) => {
    const { spread, end } = run(at, at.params, resolved);
    return { end, report: spread.variance };
  });
  return [units, output];
}
