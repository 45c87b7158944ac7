/**
 * Maxout on convolutions, which kernels store themselves.
 *
 * @module
 */
import { grad } from "../../../src/grad.ts";
import * as ops from "../../../src/ops/mod.ts";
import type { Shape } from "../../../src/shape.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { type Sample, sample } from "../../ops/oracle.ts";

/** Piece k of units that follow on each other along the last axis. */
export function pieceOf(y: Tensor, k: number, units: number): Tensor {
  const outer = y.shape.slice(0, -1), zeros = outer.map(() => 0);
  return ops.slice(y, [...zeros, k * units], [...outer, (k + 1) * units]);
}

/** A convolution of 3 × 3 in maxout pieces, with a bias: what it gives, and the gradients of all it is given. */
export function maxoutSample(
  { image, units, pieces = 2 }: {
    readonly image: Shape;
    readonly units: number;
    readonly pieces?: number;
  },
): Sample {
  const channels = image.at(-1)!, outputs = pieces * units;
  const maxout = (x: Tensor, w: Tensor, b: Tensor) => {
    const y = ops.add(ops.conv2d(x, w, { padding: 1 }), b);
    return Array.from({ length: pieces }, (_, k) => pieceOf(y, k, units)).reduce(ops.maximum);
  };
  return sample(
    `maxout of ${pieces} × ${units} channels of ${image}`,
    [image, [3, 3, channels, outputs], [outputs], [...image.slice(0, -1), units]],
    (x, w, b, g) => {
      const loss = (xs: readonly Tensor[]) => ops.sum(ops.mul(maxout(xs[0]!, xs[1]!, xs[2]!), g));
      return [maxout(x, w, b), ...grad(loss)([x, w, b])];
    },
  );
}
