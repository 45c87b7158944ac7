/**
 * Layer normalization.
 *
 * @module
 */
import { type Axes, normalizeAxes } from "../../shape.ts";
import { showSpec, type Spec } from "../../spec.ts";
import { layer, withOptions } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import {
  affineIn,
  type AffineOf,
  checkEpsilon,
  initialAffine,
  type NormOptions,
} from "./affine.ts";
import { moments, standardize } from "./standardize.ts";

/** Options of {@linkcode layerNorm}. */
export interface LayerNormOptions<A extends boolean = boolean> extends NormOptions<A> {
  /** The axes to normalize over, negative ones from the end; the last if left out. */
  readonly axes?: Axes;
}

function axesOf(axes: Axes, x: Spec): readonly number[] {
  if (x.dtype !== "f32" || x.shape.length === 0) {
    throw new RangeError(`layerNorm: expected f32 of at least one axis, found ${showSpec(x)}`);
  }
  return normalizeAxes("layerNorm", axes, x.shape);
}

/**
 * Each example's features less their mean, over their standard deviation, times `scale` plus `b`: Ba, Kiros &
 * Hinton, "Layer Normalization" (2016), as PyTorch's `LayerNorm`. The shape is kept.
 *
 * The variance is the population's. `scale` and `b` have the sizes of the axes that are normalized over, 1 in
 * place of other axes between them or behind.
 *
 * @throws RangeError on an input that is not f32 with these axes.
 *
 * @example
 * ```ts
 * import { key, nn, open, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 3], [5, -5]]), layer = nn.layerNorm({ epsilon: 0 });
 * const params = layer.init(key(0), x);
 * console.assert(params.scale.shape.join() === "2");
 * console.assert((await run.read(layer(params, x))).join() === "-1,1,1,-1");
 * ```
 */
export function layerNorm<A extends boolean = true>(
  options: LayerNormOptions<A> = {},
): Layer<AffineOf<A>> {
  const { axes = -1, epsilon = 1e-5, affine = true } = options;
  checkEpsilon("layerNorm", epsilon);
  const made = layer<AffineOf<boolean>>("layerNorm", (_, x) => {
    const over = axesOf(axes, x), sizes = x.shape.map((d, axis) => over.includes(axis) ? d : 1);
    return initialAffine(affine, sizes.slice(Math.min(...over)));
  }, (params, x) => standardize(x, moments(x, axesOf(axes, x)), epsilon, affineIn(params)));
  return withOptions(made as Layer, { axes, epsilon }) as unknown as Layer<AffineOf<A>>;
}
