/**
 * Folds over the layers with weights of a net, in execution order.
 *
 * @module
 */
import { checkKind, TENSOR } from "../check_options.ts";
import { oneLayer } from "../nn/compose.ts";
import type { Layer } from "../nn/layer.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import { checkNet, type Resolved } from "./lsuv_options.ts";
import { type Settled, type Visit, walk } from "./walk.ts";

function checkBatch(x: Spec): void {
  if (x.dtype === "f32" ? x.shape.length >= 2 : x.shape.length >= 1) return;
  throw new RangeError(
    `lsuv: expected a batch of inputs, f32[batch, ...], found ${showSpec(x)}`,
  );
}

/** A net, or a list of layers in sequence, as one layer. Throws RangeError if there are none. */
export function asOneLayer(net: Layer | readonly Layer[]): Layer {
  if (Array.isArray(net) && net.length === 0) {
    throw new RangeError("lsuv: expected at least one layer, found none");
  }
  return oneLayer(net);
}

/** Walks a net, and collects each visit's report by name. */
export function foldLayers<P extends Params, R>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: Resolved,
  visit: (at: Visit) => Settled & { readonly report: R },
) {
  checkNet(net, params);
  checkKind("lsuv", "x", x, TENSOR);
  checkBatch(x);
  const units: Record<string, R> = {}, layer = asOneLayer(net);
  const walked = walk(layer, params, x, options.key, options, (at) => {
    const { report, ...settled } = visit(at);
    units[at.name] = report;
    return settled;
  });
  return { ...walked, units };
}
