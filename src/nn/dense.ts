/**
 * The dense (fully connected) layer.
 *
 * @module
 */
import { matmul } from "../ops/mod.ts";
import { showSpec, type Spec } from "../spec.ts";
import { checkLeast } from "./check.ts";
import type { Layer, Unit } from "./layer.ts";
import { weightLayer, type WeightOptions, type WeightsOf } from "./weights.ts";

/** Throws RangeError unless x is f32 of at least two axes. */
function checkRows(x: Spec): void {
  if (x.dtype === "f32" && x.shape.length >= 2) return;
  throw new RangeError(`dense: expected f32 [batch, ..., features], found ${showSpec(x)}`);
}

/**
 * A dense layer with biases, unless `bias: false` leaves them out, on the last axis of any number of them:
 * [batch, ..., in] → [batch, ..., units]. Weights are [in, pieces · units].
 *
 * @param units Output features, per maxout piece.
 * @throws RangeError on an input that is not f32 [batch, ..., in] with the `in` of its weights.
 *
 * @example
 * ```ts
 * import { key, nn, placeholder } from "@goodinit/goodinit";
 *
 * const layer = nn.dense(10, { pieces: 2 }), x = placeholder({ shape: [8, 32], dtype: "f32" });
 * const params = layer.init(key(0), x);
 * console.assert(params.w.shape.join() === "32,20" && layer(params, x).shape.join() === "8,10");
 * const sequences = placeholder({ shape: [8, 50, 32], dtype: "f32" });
 * console.assert(layer(params, sequences).shape.join() === "8,50,10");
 * ```
 */
export function dense<B extends boolean = true>(
  units: number,
  options: WeightOptions<B> = {},
): Layer<WeightsOf<B>> & { readonly unit: Unit<WeightsOf<B>> } {
  checkLeast("dense", "units", units);
  return weightLayer("dense", options, (x) => {
    checkRows(x);
    const features = x.shape.at(-1)!;
    return { shape: [features, units], fanIn: features, fanOut: units };
  }, (x, w) => {
    checkRows(x);
    if (w.rank !== 2 || x.shape.at(-1) !== w.shape[0]) {
      throw new RangeError(
        `dense: expected ${w.shape[0]} features, as its weights ${showSpec(w)} are for, found ${
          showSpec(x)
        }`,
      );
    }
    return matmul(x, w);
  });
}
