/**
 * Sorting along an axis. One op gives the order, as indices; values are gathered by it, which has a gradient.
 *
 * @module
 */
import { showValue } from "../host_data.ts";
import { normalizeAxes, showShape, sizeOf } from "../shape.ts";
import { showSpec } from "../spec.ts";
import { apply, type KernelOp, type Tensor } from "../tensor.ts";
import { checkTensor } from "./check.ts";
import { constant } from "./constant.ts";
import { takeAlong } from "./gather.ts";
import { moveAxis } from "./rearrange.ts";
import { slice } from "./slice.ts";
import { reshape } from "./view.ts";

/** Compares numbers in ascending order; NaN is the largest, and equal to itself. */
function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/**
 * The order of each row of [rows, n]: the index of its smallest element first, or of its largest if
 * `descending`; equal elements stay in order. i32.
 */
export const argSortOp: KernelOp = {
  kind: "kernel",
  name: "argSort",
  infer: ([x]) => {
    if (x.shape.length === 2) return { shape: x.shape, dtype: "i32" };
    throw new RangeError(`argSort: expected [rows, n], found ${showShape(x.shape)}`);
  },
  reference: ([x], [{ shape: [rows, n] }], _, { descending }) => {
    const y = new Float64Array(rows * n), sign = descending ? -1 : 1;
    for (let row = 0; row < rows; row++) {
      const order = Array.from({ length: n }, (_, i) => i);
      order.sort((a, b) => sign * compare(x[row * n + a]!, x[row * n + b]!) || a - b);
      y.set(order, row * n);
    }
    return y;
  },
  flops: ([x]) => sizeOf(x.shape) * Math.ceil(Math.log2(Math.max(2, x.shape[1]))),
};

/** Options of {@linkcode sort} and {@linkcode argSort}. */
export interface SortOptions {
  /** Whether the largest comes first; false if left out. */
  readonly descending?: boolean;
}

/** The axis to sort along. */
function axisOf(name: string, x: Tensor, axis: number): number {
  checkTensor(name, x);
  if (x.rank === 0) {
    throw new RangeError(`${name}: expected at least one axis, found ${showSpec(x)}`);
  }
  return normalizeAxes(name, axis, x.shape)[0]!;
}

/**
 * The indices that sort a tensor along an axis, i32; equal elements stay in order, NaN counts as the largest.
 *
 * @param axis The axis, counted from the end if negative; the last if left out.
 * @throws RangeError if there is no such axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([3, 1, 2]);
 * const [up, down] = await run.read([ops.argSort(x), ops.argSort(x, -1, { descending: true })]);
 * console.assert(up.join() === "1,2,0" && down.join() === "0,2,1");
 * ```
 */
export function argSort(
  x: Tensor,
  axis = -1,
  { descending = false }: SortOptions = {},
): Tensor {
  const along = axisOf("argSort", x, axis), n = x.shape[along]!;
  if (n === 1) return constant(0, x.shape, "i32");
  const last = moveAxis(x, along, -1);
  const order = apply(argSortOp, [reshape(last, [x.size / n, n])], { descending });
  return moveAxis(reshape(order, last.shape), -1, along);
}

/**
 * A tensor sorted along an axis: the smallest first, or the largest if `descending`; NaN counts as the largest.
 * The gradient goes to where elements came from.
 *
 * @param axis The axis, counted from the end if negative; the last if left out.
 * @throws RangeError if there is no such axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[3, 1], [2, 4]]);
 * const [rows, columns] = await run.read([ops.sort(x), ops.sort(x, 0, { descending: true })]);
 * console.assert(rows.join() === "1,3,2,4" && columns.join() === "3,4,2,1");
 * ```
 */
export function sort(x: Tensor, axis = -1, options: SortOptions = {}): Tensor {
  const along = axisOf("sort", x, axis);
  return takeAlong(x, argSort(x, along, options), along);
}

/** Options of {@linkcode topK}. */
export interface TopKOptions {
  /** The axis, counted from the end if negative; the last if left out. */
  readonly axis?: number;
  /** Whether the smallest are wanted instead; false if left out. */
  readonly smallest?: boolean;
}

/**
 * The `k` largest elements along an axis, the largest first, and their indices, i32. As PyTorch's `topk`; of equal
 * ones the first.
 *
 * @throws RangeError unless k is from 1 to the size of the axis.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [values, indices] = await run.read(ops.topK(tensor([[1, 9, 5], [8, 2, 8]]), 2));
 * console.assert(values.join() === "9,5,8,8" && indices.join() === "1,2,0,2");
 * ```
 */
export function topK(
  x: Tensor,
  k: number,
  { axis = -1, smallest = false }: TopKOptions = {},
): readonly [values: Tensor, indices: Tensor] {
  const along = axisOf("topK", x, axis), n = x.shape[along]!;
  if (!Number.isInteger(k) || k < 1 || k > n) {
    throw new RangeError(
      `topK: expected k from 1 to the ${n} elements of axis ${along} of ${showSpec(x)}, found ${
        showValue(k)
      }`,
    );
  }
  const order = argSort(x, along, { descending: !smallest });
  const indices = slice(order, [], x.shape.with(along, k));
  return [takeAlong(x, indices, along), indices];
}
