/**
 * Cumulative sums, whose adjoint is the cumulative sum in the other direction.
 *
 * @module
 */
import { normalizeAxes, showShape, sizeOf } from "../shape.ts";
import { apply, type KernelOp, type Tensor } from "../tensor.ts";
import { showSpec } from "../spec.ts";
import { wrap } from "./arithmetic.ts";
import { asMiddle } from "./broadcast.ts";
import { checkTensor } from "./check.ts";
import { constant } from "./constant.ts";
import { pad, slice } from "./slice.ts";
import { reshape } from "./view.ts";

/**
 * Inclusive sums along the middle axis of [outer, n, inner]: up to each element, or with `reverse` from it
 * to the end.
 */
export const cumSumOp: KernelOp = {
  kind: "kernel",
  name: "cumSum",
  infer: ([x]) => {
    if (x.shape.length === 3) return { shape: x.shape, dtype: x.dtype };
    throw new RangeError(`cumSum: expected [outer, n, inner], found ${showShape(x.shape)}`);
  },
  reference: ([x], [{ shape: [outer, n, inner], dtype }], _, { reverse }) => {
    const y = new Float64Array(x.length), step = reverse ? -inner : inner;
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let at = (reverse ? (o + 1) * n - 1 : o * n) * inner + i, total = 0;
        for (let k = 0; k < n; k++, at += step) y[at] = total = wrap(dtype, total + x[at]!);
      }
    }
    return y;
  },
  flops: ([x]) => sizeOf(x.shape),
  vjp: (g, _, _y, { reverse }) => [apply(cumSumOp, [g], { reverse: !reverse })],
};

/** Options of {@linkcode cumSum}. */
export interface CumSumOptions {
  /** Whether to sum from each element to the end of the axis; false, from its start, if left out. */
  readonly reverse?: boolean;
  /** Whether an element is left out of its own sum, whose first one then is 0; false if left out. */
  readonly exclusive?: boolean;
}

/**
 * The cumulative sum along an axis, each element included in its own sum unless `exclusive`; integers wrap. The shape is x's.
 * As NumPy's and PyTorch's `cumsum`.
 *
 * @param axis The axis, counted from the end if negative; the last if left out.
 * @throws RangeError if there is no such axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * const [along, down, reverse] = await run.read([
 *   ops.cumSum(x),
 *   ops.cumSum(x, 0),
 *   ops.cumSum(x, -1, { reverse: true }),
 * ]);
 * console.assert(along.join() === "1,3,6,4,9,15" && down.join() === "1,2,3,5,7,9");
 * console.assert(reverse.join() === "6,5,3,15,11,6");
 * ```
 */
export function cumSum(x: Tensor, axis = -1, options: CumSumOptions = {}): Tensor {
  const { reverse = false, exclusive = false } = options;
  checkTensor("cumSum", x);
  if (x.rank === 0) {
    throw new RangeError(`cumSum: expected at least one axis, found ${showSpec(x)}`);
  }
  const axes = normalizeAxes("cumSum", axis, x.shape);
  const sums = apply(cumSumOp, [asMiddle(x, axes)], { reverse });
  return reshape(exclusive ? shifted(sums, reverse) : sums, x.shape);
}

/** [outer, n, inner] moved by one along n, or back, with zeros where there was none before. */
function shifted(x: Tensor, back: boolean): Tensor {
  const [outer, n, inner] = x.shape as [number, number, number];
  const kept: readonly [number, number] = back ? [1, n] : [0, n - 1];
  if (n === 1) return constant(0, x.shape, x.dtype);
  const rest = slice(x, [0, kept[0], 0], [outer, kept[1], inner]);
  return pad(rest, [[0, 0], back ? [0, 1] : [1, 0], [0, 0]]);
}
