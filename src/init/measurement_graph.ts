/**
 * What LSUV measures in a net, as a graph that is described once and run in parts.
 *
 * @module
 */
import type { Layer, Unit } from "../nn/layer.ts";
import { alias, cast, concat } from "../ops/mod.ts";
import { type Params, placeholder, type Tensor } from "../tensor.ts";
import type { Spec } from "../spec.ts";
import { leaves, unflatten } from "../tree.ts";
import { foldLayers } from "./fold_layers.ts";
import type { Resolved } from "./lsuv_options.ts";
import { run } from "./measure.ts";
import type { Visit } from "./walk.ts";

/** A use of a layer with weights. */
export interface MeasuredUse {
  readonly name: string;
  readonly unit: Unit;
  /** Its parameters, as they are given. */
  readonly params: Params;
  /** Whether its weights may be scaled. */
  readonly free: boolean;
  /** Deviations, then 1 for each that is zero: f32 [2 · groups]. */
  readonly found: Tensor;
}

/** A net whose graph is described. */
export interface Measurements {
  readonly uses: readonly MeasuredUse[];
  readonly uncovered: Readonly<Record<string, boolean>>;
  readonly stale: boolean;
  /** Where a batch and its key belong. */
  readonly x: Tensor;
  readonly key?: Tensor;
  /** Which parameters are meant by the tensors that stand for them in the graph. */
  readonly standIns: ReadonlyMap<Tensor, Tensor>;
}

/** Describes what is measured in a net, with parameters as they are, on batches of a kind. */
export function describeMeasurements(
  net: Layer | readonly Layer[],
  params: Params,
  spec: Spec,
  options: Resolved,
): Measurements {
  const x = placeholder(spec), key = options.key && placeholder({ shape: [2], dtype: "u32" });
  const standIns = new Map<Tensor, Tensor>(), uses: MeasuredUse[] = [];
  for (const w of leaves<Tensor>(params)) standIns.set(w, w);
  const { uncovered, stale } = foldLayers(net, params, x, { ...options, key }, (at: Visit) => {
    const { name, unit, params, free, weights } = at;
    // Other tensors, so that it shows where weights are used by other ways than this one.
    const own = leaves<Tensor>(params).map((w) => {
      if (!free || !weights.includes(w)) return w;
      const other = alias(w);
      standIns.set(other, w);
      return other;
    });
    const now = unflatten<unknown, Tensor, Tensor>(params, own) as Params;
    const { spread, end } = run(at, now, options);
    const found = concat([spread.deviation, cast(spread.zero, "f32")], 0);
    uses.push({ name, unit, params, free, found });
    return { end, params: now, report: undefined };
  });
  return { uses, uncovered, stale, x, standIns, ...(key && { key }) };
}
