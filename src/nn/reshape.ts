/**
 * Another shape of each example, as a layer.
 *
 * @module
 */
import { checkIntegers } from "../ops/check.ts";
import * as ops from "../ops/mod.ts";
import type { Shape } from "../shape.ts";
import { showSpec } from "../spec.ts";
import { stateless, withOptions } from "./define_layer.ts";
import type { Layer, NoParams } from "./layer.ts";

/**
 * Each example in another shape, [batch, ...] → [batch, ...shape]; at most one size may be -1.
 *
 * @throws RangeError if the sizes do not multiply to those of an example.
 *
 * @example
 * ```ts
 * import { nn, normal, key, sequential } from "@goodinit/goodinit";
 *
 * // Patches of an image as a sequence of tokens.
 * const tokens = sequential(nn.conv(16, 4, { stride: 4 }), nn.reshape([-1, 16]));
 * const images = normal(key(1), [8, 32, 32, 3]);
 * console.assert(tokens(tokens.init(key(0), images), images).shape.join() === "8,64,16");
 * ```
 */
export function reshape(shape: Shape): Layer<NoParams> {
  checkIntegers("reshape", "shape", shape);
  const made = stateless("reshape", (x) => {
    if (x.rank > 0) return ops.reshape(x, [x.shape[0]!, ...shape]);
    throw new RangeError(`reshape: expected [batch, ...], found ${showSpec(x)}`);
  });
  return withOptions(made, { shape });
}
