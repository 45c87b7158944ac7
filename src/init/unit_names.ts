/**
 * The names of a net's layers with weights, as reports list them.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import { placeholder } from "../tensor.ts";
import type { Spec } from "../spec.ts";
import { asOneLayer } from "./fold_layers.ts";
import { variancesAndOutput } from "./variances.ts";
import { type LsuvOptions, resolve } from "./lsuv_options.ts";
import { layerName } from "./walk.ts";

/**
 * The names of the layers that {@linkcode lsuv} measures: path and kind, `[2][0] conv`. Given the spec of
 * an input they are a report's names, in its order; otherwise each layer in the order of the list, once.
 *
 * @param x The spec of the net's input.
 *
 * @example
 * ```ts
 * import { init, nn, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.dense(8), nn.relu, nn.residual(sequential(nn.dense(8), nn.relu)));
 * console.assert(init.unitNames(net).join() === "[0] dense,[2][0][0] dense");
 * ```
 */
export function unitNames(
  net: Layer | readonly Layer[],
  options: LsuvOptions = {},
  x?: Spec,
): readonly string[] {
  const layer = asOneLayer(net), resolved = resolve(options);
  if (!x) return listed(layer, [], true).filter(resolved.chosen).map(({ name }) => name);
  const params = layer.init(placeholder({ shape: [2], dtype: "u32" }), x);
  return Object.keys(variancesAndOutput(layer, params, placeholder(x), options)[0]);
}

/** The layers with weights, in the order of the list. */
function listed(
  layer: Layer,
  path: readonly number[],
  last: boolean,
): { name: string; layer: Layer; last: boolean }[] {
  if (layer.unit) return [{ name: layerName(layer, path), layer, last }];
  const parts = (layer.layers ?? []).map((part, i) => listed(part, [...path, i], true));
  const lastPart = layer.flow ? 0 : parts.findLastIndex((found) => found.length > 0);
  return parts.flatMap((found, i) =>
    found.map((each) => ({ ...each, last: last && each.last && i >= lastPart }))
  );
}
