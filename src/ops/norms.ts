/**
 * Norms, standard deviations, products and least elements over axes.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { type Axes, normalizeAxes } from "../shape.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { asMiddle } from "./broadcast.ts";
import { checkTensor } from "./check.ts";
import { argMax, max, type ReduceOptions, sum, variance } from "./reduce.ts";
import { abs, add, constant, div, equal, mul, neg, sqrt, sub, where } from "./scalar.ts";
import { pad, slice } from "./slice.ts";
import { reshape } from "./view.ts";

/** Options of {@linkcode norm}. */
export interface NormOptions extends ReduceOptions {
  /** 1 for the sum of magnitudes, 2 for the Euclidean norm, Infinity for the largest; 2 if left out. */
  readonly order?: 1 | 2 | typeof Infinity;
}

/** The root of the sum of squares, of which none overflows; the gradient at zero is zero. */
function euclidean(x: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const largest = max(abs(x), axes, { keep: true });
  const divisor = where(equal(largest, 0), 1, where(equal(largest, Infinity), 1, largest));
  const scaled = div(x, divisor), squares = sum(mul(scaled, scaled), axes, { keep: true });
  const isZero = equal(squares, 0);
  const root = where(isZero, 0, mul(sqrt(where(isZero, 1, squares)), divisor));
  return keep ? root : reshape(root, x.shape.filter((_, i) => !axes.includes(i)));
}

/**
 * The norm of vectors over axes, all if left out: Euclidean, or of another `order`. Large and small numbers
 * neither overflow nor vanish. Its gradient at zero is zero.
 *
 * @throws RangeError on another order, TypeError unless x is f32.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[3, 4], [0, -2]]);
 * const [rows, sums] = await run.read([ops.norm(x, 1), ops.norm(x, 1, { order: 1 })]);
 * console.assert(rows.join() === "5,2" && sums.join() === "7,2");
 * ```
 */
export function norm(x: Tensor, axes?: Axes, options: NormOptions = {}): Tensor {
  checkTensor("norm", x);
  if (x.dtype !== "f32") {
    throw new TypeError(`norm: expected f32 operands, found ${showSpec(x)}; cast them first`);
  }
  const { order = 2, keep = false } = options, over = normalizeAxes("norm", axes, x.shape);
  if (order === 2) return euclidean(x, over, keep);
  if (order === 1) return sum(abs(x), over, { keep });
  if (order === Infinity) return max(abs(x), over, { keep });
  throw new RangeError(`norm: expected order 1, 2 or Infinity, found ${showValue(order)}`);
}

/**
 * The population standard deviation over axes, all if left out.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.std(tensor([1, 3, 5, 7]))))[0]! > 2.236);
 * ```
 */
export const std = (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor =>
  sqrt(variance(x, axes, options));

/**
 * The product over axes, all if left out; integers wrap. Products of halves, so that it takes as many steps as
 * the logarithm of their number; its gradient is right where elements are 0.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * console.assert((await run.read(ops.prod(tensor([[1, 2, 3], [4, 5, 6]]), 1))).join() === "6,120");
 * ```
 */
export function prod(x: Tensor, axes?: Axes, { keep = false }: ReduceOptions = {}): Tensor {
  checkTensor("prod", x);
  const over = normalizeAxes("prod", axes, x.shape);
  let y = asMiddle(x, over);
  const shape = x.shape.flatMap((d, i) => over.includes(i) ? keep ? [1] : [] : [d]);
  const [outer, , inner] = y.shape as [number, number, number];
  for (let n = y.shape[1]!; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.ceil(n / 2), low = slice(y, [0, 0, 0], [outer, half, inner]);
    const high = slice(y, [0, half, 0], [outer, n, inner]), missing = 2 * half - n;
    // A last one without a partner is multiplied by 1.
    const ones = pad(constant(1, [outer, missing || 1, inner], x.dtype), [[0, 0], [half - 1, 0], [
      0,
      0,
    ]]);
    y = mul(low, missing === 0 ? high : add(pad(high, [[0, 0], [0, 1], [0, 0]]), ones));
  }
  return reshape(y, shape);
}

/**
 * The index of the minimum over axes (the last if left out), the first if several; i32. NaN counts as the
 * minimum. Over several axes it is the flat, row-major index within them.
 *
 * @throws RangeError on a tensor without axes.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.argMin(tensor([[4, 9, 2], [3, 3, 8]])));
 * console.assert(y.join() === "2,0");
 * ```
 */
export function argMin(x: Tensor, axes: Axes = -1, options: ReduceOptions = {}): Tensor {
  checkTensor("argMin", x);
  // -1 - x for integers, since the negative of the smallest one overflows.
  return argMax(x.dtype === "f32" ? neg(x) : sub(-1, x), axes, options);
}
