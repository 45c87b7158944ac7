/**
 * The graph of LSUV's measurements of a net, built once and run in segments.
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
  /** Its parameters. */
  readonly params: Params;
  /** Whether its weights may be scaled. */
  readonly free: boolean;
  /**
   * The deviations, a flag of zero variance for each, and with `center` the means, f32 [2 or 3 · groups]; of a share of a batch what the
   * processes give each other instead.
   */
  readonly found: Tensor;
}

/** The measurement graph of a net. */
export interface MeasurementGraph {
  readonly uses: readonly MeasuredUse[];
  readonly uncovered: Readonly<Record<string, boolean>>;
  readonly stale: boolean;
  /** The placeholders of a batch and its key. */
  readonly x: Tensor;
  readonly key?: Tensor;
  /** Whether a layer's output on an example depends on the others, as with batch norm. */
  readonly observes: boolean;
  /** The parameter that each placeholder in the graph represents. */
  readonly originals: ReadonlyMap<Tensor, Tensor>;
}

/** Builds the graph of a net's measurements on batches of a spec. */
export function buildMeasurementGraph(
  net: Layer | readonly Layer[],
  params: Params,
  spec: Spec,
  options: Resolved & { readonly isShare?: boolean },
): MeasurementGraph {
  const x = placeholder(spec), key = options.key && placeholder({ shape: [2], dtype: "u32" });
  const originals = new Map<Tensor, Tensor>(), uses: MeasuredUse[] = [];
  for (const w of leaves<Tensor>(params)) originals.set(w, w);
  const { uncovered, stale, observes } = foldLayers(
    net,
    params,
    x,
    { ...options, key },
    (at: Visit) => {
      const { name, unit, params, free, weights } = at;
      // Aliases, so that uses of the weights outside this layer can be told apart; with `center` of the
      // biases too, as ops compute with the value of a constant one.
      const own = leaves<Tensor>(params).map((w) => {
        if (!free || !(options.center || weights.includes(w))) return w;
        const other = alias(w);
        originals.set(other, w);
        return other;
      });
      const now = unflatten<unknown, Tensor, Tensor>(params, own) as Params;
      const { spread, end } = run(at, now, options);
      const found = options.isShare ? spread.share() : concat([
        spread.deviation,
        cast(spread.zero, "f32"),
        ...(options.center ? [spread.mean()] : []),
      ], 0);
      uses.push({ name, unit, params, free, found });
      return { end, params: now, report: undefined };
    },
  );
  return { uses, uncovered, stale, observes, x, originals, ...(key && { key }) };
}
