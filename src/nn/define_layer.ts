/**
 * Defines layers from functions.
 *
 * @module
 */
import type { Key } from "../random.ts";
import type { Spec } from "../spec.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Apply, Layer, NoParams, Unit } from "./layer.ts";
import { checkSpec } from "./check.ts";
import { callLayer } from "./traverse.ts";

/**
 * Defines a layer by its kind, the initialization of its parameters, and what it computes.
 *
 * @param apply What it computes; with a key as in training.
 * @param unit What an initialization needs to measure and scale its weights, if it has them.
 * @param observe The parameters after it has seen x, if it learns from data without gradients.
 *
 * @example
 * ```ts
 * import { nn, ops } from "@goodinit/goodinit";
 *
 * const square = nn.layer("square", () => [] as const, (_, x) => ops.mul(x, x));
 * ```
 */
export function layer<P extends Params>(
  kind: string,
  init: (key: Key, x: Spec) => P,
  apply: (params: P, x: Tensor, key?: Key) => Tensor,
  unit?: Unit<P>,
  observe?: Layer<P>["observe"],
): Layer<P> {
  const call: Apply<P> = (params, x, key) => callLayer(made, apply, params, x, key);
  const made: Layer<P> = Object.assign(call, {
    kind,
    init: (key: Key, x: Spec) => {
      checkSpec(kind, key, x);
      return init(key, x);
    },
    ...(unit && { unit }),
    ...(observe && { observe }),
  });
  return made;
}

/**
 * A layer without parameters.
 *
 * @example
 * ```ts
 * import { nn, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const square = nn.stateless("square", (x) => ops.mul(x, x));
 * console.assert((await run.read(square([], tensor([1, 2, 3])))).join() === "1,4,9");
 * ```
 */
export const stateless = (kind: string, apply: (x: Tensor, key?: Key) => Tensor): Layer<NoParams> =>
  layer<NoParams>(kind, () => [], (_, x, key) => apply(x, key));

/** A layer with a record of its options. */
export const withOptions = <L extends Layer>(layer: L, options: NonNullable<Layer["options"]>): L =>
  Object.assign(layer, { options });
