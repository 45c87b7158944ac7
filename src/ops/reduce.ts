/**
 * Reductions over any axes: sum, mean, variance, max, min, argMax, logSumExp, softmax. Over at most
 * {@linkcode FEW} elements, sum, mean, max and min become elementwise ops on slices, which fuse.
 *
 * @module
 */
import { type Axes, normalizeAxes, sizeOf } from "../shape.ts";
import { apply, type KernelOp, type Tensor } from "../tensor.ts";
import { type ArgSpec, showSpec } from "../spec.ts";
import { asMiddle, broadcastTo, reductionSpec, sumOp } from "./broadcast.ts";
import { abs, add, div, equal, exp, iota, log, maximum, mul, neg, sub, where } from "./scalar.ts";
import { checkTensor } from "./check.ts";
import { custom } from "./custom.ts";
import { slice } from "./slice.ts";
import { reshape, stopGradient } from "./view.ts";
import type { Known, Tuple } from "../tuple.ts";

/** Up to this many elements are reduced by elementwise ops on slices. */
export const FEW = 8;

const best = (name: "max" | "argMax") =>
(
  [x]: Known<Float64Array>,
  [{ shape: [outer, n, inner] }]: Known<ArgSpec>,
) => {
  const y = new Float64Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let at = 0;
      for (let k = 1; k < n; k++) {
        const best = x[(o * n + at) * inner + i]!, each = x[(o * n + k) * inner + i]!;
        // NaN counts as the maximum, the first one if several.
        if (!(each <= best) && !Number.isNaN(best)) at = k;
      }
      y[o * inner + i] = name === "argMax" ? at : x[(o * n + at) * inner + i]!;
    }
  }
  return y;
};

/** The maximum along the middle axis of [outer, n, inner]; the first of equal ones gets the gradient. */
export const maxOp: KernelOp = {
  kind: "kernel",
  name: "max",
  infer: ([x]) => reductionSpec("max", x.shape, x.dtype),
  reference: best("max"),
  flops: ([x]) => sizeOf(x.shape),
  vjp: (g, [x]) => {
    const [outer, n, inner] = x.shape as Tuple<number, 3>;
    const back = (t: Tensor) => broadcastTo(reshape(t, [outer, 1, inner]), [outer, n, inner]);
    const chosen = equal(back(apply(argMaxOp, [x])), reshape(iota(n), [n, 1]));
    return [where(chosen, back(g), 0)];
  },
};

/** The index of the maximum along the middle axis of [outer, n, inner], the first if several; i32. */
export const argMaxOp: KernelOp = {
  kind: "kernel",
  name: "argMax",
  infer: ([x]) => reductionSpec("argMax", x.shape, "i32"),
  reference: best("argMax"),
  flops: ([x]) => sizeOf(x.shape),
};

/** Options of a reduction. */
export interface ReduceOptions {
  /** Whether reduced axes are kept, with size 1; false if left out. */
  readonly keep?: boolean;
}

function reduce(
  name: string,
  op: KernelOp,
  x: Tensor,
  axes: Axes | undefined,
  { keep = false }: ReduceOptions,
  few?: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  checkTensor(name, x);
  const over = normalizeAxes(name, axes, x.shape);
  const shape = keep
    ? x.shape.map((d, i) => over.includes(i) ? 1 : d)
    : x.shape.filter((_, i) => !over.includes(i));
  const axesToReduce = over.filter((a) => x.shape[a]! > 1);
  if (few && axesToReduce.length === 0) return reshape(x, shape);
  if (few && axesToReduce.length === 1 && x.shape[axesToReduce[0]!]! <= FEW) {
    const at = axesToReduce[0]!;
    const parts = Array.from({ length: x.shape[at]! }, (_, k) =>
      slice(
        x,
        x.shape.map((_, i) => i === at ? k : 0),
        x.shape.map((d, i) => i === at ? k + 1 : d),
      ));
    return reshape(parts.reduce(few), shape);
  }
  return reshape(apply(op, [asMiddle(x, over)]), shape);
}

/**
 * The sum over axes, all if left out.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.sum(tensor([[1, 2], [3, 5]]), 1));
 * console.assert(y.join() === "3,8");
 * ```
 */
export const sum = (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor =>
  reduce("sum", sumOp, x, axes, options, add);

/**
 * The mean over axes, all if left out.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.mean(tensor([[1, 2], [3, 5]]), 0));
 * console.assert(y.join() === "2,3.5");
 * ```
 */
export function mean(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  checkTensor("mean", x);
  if (x.dtype !== "f32") {
    throw new TypeError(`mean: expected f32 operands, found ${showSpec(x)}; cast them first`);
  }
  const total = reduce("mean", sumOp, x, axes, options, add);
  return mul(total, total.size / x.size);
}

/**
 * The population variance over axes, all if left out.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.variance(tensor([[1, 2], [3, 5]]), 0));
 * console.assert(y.join() === "1,2.25");
 * ```
 */
export const variance = (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor => {
  checkTensor("variance", x);
  const over = normalizeAxes("variance", axes, x.shape);
  return custom("variance", (x) => {
    const centered = center(x, over);
    return mean(mul(centered, centered), over, options);
  }, (cotangent, [x]) => {
    // The mean depends on x too, but the deviations from it add up to zero.
    const kept = x.shape.map((d, axis) => over.includes(axis) ? 1 : d);
    const each = mul(reshape(cotangent, kept), 2 * cotangent.size / x.size);
    return [mul(center(x, over), each)];
  })(x);
};

const center = (x: Tensor, axes: Axes): Tensor => sub(x, mean(x, axes, { keep: true }));

/**
 * The maximum over axes, all if left out; NaN if any is. The first of equal ones gets the gradient.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.max(tensor([[1, 2], [3, 5]])));
 * console.assert(y.join() === "5");
 * ```
 */
export const max = (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor =>
  reduce("max", maxOp, x, axes, options, maximum);

/**
 * The minimum over axes, all if left out; NaN if any is. The first of equal ones gets the gradient.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.min(tensor([[1, 2], [3, 5]]), [0, 1], { keep: true }));
 * console.assert(y.join() === "1");
 * ```
 */
export function min(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  checkTensor("min", x);
  // Reverses the order; -1 - t instead of -t for integers, since the negative of the smallest one
  // overflows.
  const reversed = (t: Tensor) => t.dtype === "f32" ? neg(t) : sub(-1, t);
  return reversed(reduce("min", maxOp, reversed(x), axes, options, maximum));
}

/**
 * The index of the maximum over axes (the last if left out), the first if several; i32. NaN counts as the
 * maximum. Over several axes it is the flat, row-major index within them.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.argMax(tensor([[1, 9, 2], [8, 3, 8]])));
 * console.assert(y.join() === "1,0");
 * ```
 */
export function argMax(x: Tensor, axes: Axes = -1, options: ReduceOptions = {}): Tensor {
  checkTensor("argMax", x);
  if (x.rank === 0) {
    throw new RangeError(`argMax: expected at least one axis, found ${showSpec(x)}`);
  }
  return reduce("argMax", argMaxOp, x, axes, options);
}

/**
 * log Σ eˣ over axes, all if left out, without overflow; -∞ where all elements are.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.logSumExp(tensor([1000, -1000])));
 * console.assert(y.join() === "1000");
 * ```
 */
export function logSumExp(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  checkTensor("logSumExp", x);
  const over = normalizeAxes("logSumExp", axes, x.shape);
  const most = stopGradient(max(x, over, { keep: true }));
  // Infinity - infinity would be NaN.
  const top = where(equal(abs(most), Infinity), 0, most);
  const total = log(sum(exp(sub(x, top)), over, options));
  return add(total, reshape(top, total.shape));
}

/**
 * The logarithm of {@linkcode softmax} over axes, the last if left out, without overflow or underflow.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.logSoftmax(tensor([0, -1000])));
 * console.assert(y.join() === "0,-1000");
 * ```
 */
export function logSoftmax(x: Tensor, axes: Axes = -1): Tensor {
  checkTensor("logSoftmax", x);
  const over = normalizeAxes("logSoftmax", axes, x.shape);
  const below = sub(x, stopGradient(max(x, over, { keep: true })));
  return sub(below, log(sum(exp(below), over, { keep: true })));
}

/**
 * eˣ / Σ eˣ over axes, the last if left out.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const y = await run.read(ops.softmax(tensor([[5, 5], [0, 1000]])));
 * console.assert(y.join() === "0.5,0.5,0,1");
 * ```
 */
export function softmax(x: Tensor, axes: Axes = -1): Tensor {
  checkTensor("softmax", x);
  const over = normalizeAxes("softmax", axes, x.shape);
  const powers = exp(sub(x, stopGradient(max(x, over, { keep: true }))));
  return mul(powers, div(1, sum(powers, over, { keep: true })));
}
