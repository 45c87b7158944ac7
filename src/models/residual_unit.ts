/**
 * Residual units whose shortcut has no parameters, also where the branch changes the size: He et al., "Deep
 * Residual Learning for Image Recognition" (2015), section 4.2, option A.
 *
 * @module
 */
import { withOptions } from "../nn/define_layer.ts";
import { compose, type Layer, type ParamsOf } from "../nn/mod.ts";
import { add, pad, slice } from "../ops/mod.ts";
import { sameShape } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";

/** Every `stride`-th pixel of x, then channels of zeros up to `channels`. */
function shortcut(x: Tensor, stride: number, channels: number): Tensor {
  const [, , , found] = x.shape as [number, number, number, number];
  const some = stride === 1 ? x : slice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]);
  if (found >= channels) return some;
  return pad(some, [[0, 0], [0, 0], [0, 0], [0, channels - found]]);
}

/**
 * x + branch(x): [batch, height, width, channels] → the shape of branch(x). Where that has fewer pixels, x
 * loses all but every `stride`-th one; where it has more channels, x gets channels of zeros.
 *
 * @throws RangeError if the branch's output has another shape than x then has.
 */
export const residualUnit = <B extends Layer>(
  branch: B,
  stride = 1,
): Layer<readonly [ParamsOf<B>]> & { readonly layers: readonly [B] } =>
  withOptions(
    compose("residualUnit", [branch] as const, (call, x) => {
      const y = call(0, x), passed = shortcut(x, stride, y.shape[3]!);
      if (!sameShape(passed.shape, y.shape)) {
        throw new RangeError(
          `residualUnit: expected a branch to ${showSpec(passed)}, found ${showSpec(y)}`,
        );
      }
      return add(passed, y);
    }),
    { stride },
  );
