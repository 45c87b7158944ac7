/**
 * Pooling over windows of images, [batch, height, width, channels].
 *
 * Max pooling is `maxPoolSelect(x, x)`: find the index of x's maximum in each window (the first if several;
 * a NaN, the last of them, comes before any number, as in PyTorch) and take the second argument there. Its
 * adjoint with respect to the second argument is `maxPoolScatter`, whose adjoint is `maxPoolSelect` again.
 * The indices are piecewise constant in x, so this is the whole derivative.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { apply, type Attrs, type KernelOp, type Tensor, tensor } from "../tensor.ts";
import type { ArgSpec, Spec } from "../spec.ts";
import { type Known, known } from "../tuple.ts";
import { div, mul } from "./scalar.ts";
import type { PerAxis } from "./conv_options.ts";
import {
  countTapsOf,
  poolAttrs,
  type PoolAxis,
  type PoolGeometry,
  poolGeometry,
  type PoolOptions,
  tapsInside,
} from "./pool_geometry.ts";

/** Options of average pooling. */
export interface AvgPoolOptions extends PoolOptions {
  /**
   * Whether padding counts as zeros, as in Caffe and in PyTorch with `count_include_pad`; true if left out.
   * If false, a window's sum is divided by the number of its pixels inside the image.
   */
  readonly countPadding?: boolean;
}

const poolSpec = ([x]: Known<ArgSpec>, attrs: Attrs): Spec => {
  const g = poolGeometry(x.shape, attrs);
  return { shape: [g.batch, g.y.out, g.x.out, g.channels], dtype: x.dtype };
};

/** The pixels of a window along an axis, in order. */
function pixelsOf(axis: PoolAxis, window: number): number[] {
  const [from, to] = tapsInside(axis, window), first = window * axis.stride - axis.padding;
  return Array.from({ length: to - from }, (_, k) => first + (from + k) * axis.dilation);
}

/** Calls `visit` with each window's output index and the image indices inside it, in row order. */
function windows(g: PoolGeometry, visit: (out: number, inside: number[], area: number) => void) {
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.y.out; oy++) {
      const rows = pixelsOf(g.y, oy).map((y) => (n * g.y.size + y) * g.x.size);
      for (let ox = 0; ox < g.x.out; ox++) {
        const columns = pixelsOf(g.x, ox), area = countTapsOf(g.y, oy) * countTapsOf(g.x, ox);
        const first = ((n * g.y.out + oy) * g.x.out + ox) * g.channels;
        for (let c = 0; c < g.channels; c++) {
          const inside = rows.flatMap((row) => columns.map((x) => (row + x) * g.channels + c));
          visit(first + c, inside, area);
        }
      }
    }
  }
}

const first = (x: Float64Array, inside: readonly number[]) =>
  inside.reduce((at, i) => x[i]! > x[at]! || Number.isNaN(x[i]) ? i : at);

const windowFlops = ([x]: Known<ArgSpec>, y: Spec, attrs: Attrs) => {
  const g = poolGeometry(x.shape, attrs);
  return sizeOf(y.shape) * g.y.kernel * g.x.kernel;
};

/** Additions to each pixel, of one for each window that it is in. */
const imageFlops = ([x]: Known<ArgSpec>, _: Spec, attrs: Attrs) => {
  const { y, x: columns } = poolGeometry(x.shape, attrs);
  const cover = ({ kernel, stride }: PoolAxis) => Math.ceil(kernel / stride);
  return sizeOf(x.shape) * cover(y) * cover(columns);
};

/** The second argument at the index of the first argument's maximum in each window. */
export const maxPoolSelectOp: KernelOp = {
  kind: "kernel",
  name: "maxPoolSelect",
  infer: poolSpec,
  reference: ([x, v], [xs], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    windows(poolGeometry(xs.shape, attrs), (o, inside) => out[o] = v[first(x, inside)]!);
    return out;
  },
  flops: windowFlops,
  vjp: (g, [x], _, attrs) => [null, apply(maxPoolScatterOp, [x, g], attrs)],
};

/**
 * Zeros, to which each window's element of the second argument is added at the index of the first
 * argument's maximum.
 */
export const maxPoolScatterOp: KernelOp = {
  kind: "kernel",
  name: "maxPoolScatter",
  infer: ([x]) => x,
  reference: ([x, g], [xs], _, attrs) => {
    const out = new Float64Array(x.length);
    windows(poolGeometry(xs.shape, attrs), (o, inside) => out[first(x, inside)]! += g[o]!);
    return out;
  },
  flops: imageFlops,
  vjp: (c, [x], _, attrs) => [null, apply(maxPoolSelectOp, [x, c], attrs)],
};

/** The mean of each window; padding counts as zeros. */
export const avgPoolOp: KernelOp = {
  kind: "kernel",
  name: "avgPool",
  infer: poolSpec,
  reference: ([x], [xs], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    windows(poolGeometry(xs.shape, attrs), (o, inside, area) => {
      out[o] = inside.reduce((total, i) => total + x[i]!, 0) / area;
    });
    return out;
  },
  flops: windowFlops,
  vjp: (g, [x], _, attrs) => [apply(avgPoolGradientOp, [g], { ...attrs, shape: [...x.shape] })],
};

/** The adjoint of {@linkcode avgPoolOp}. */
export const avgPoolGradientOp: KernelOp = {
  kind: "kernel",
  name: "avgPoolGradient",
  infer: ([g], attrs) => ({ shape: attrs.shape as readonly number[], dtype: g.dtype }),
  reference: ([g], _, y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    windows(poolGeometry(y.shape, attrs), (o, inside, area) => {
      for (const i of inside) out[i]! += g[o]! / area;
    });
    return out;
  },
  flops: (_, y, attrs) => imageFlops(known([y]), y, attrs),
  vjp: (c, _xs, _y, { shape: _, ...attrs }) => [apply(avgPoolOp, [c], attrs)],
};

/**
 * The maximum of each window of `size` × `size` pixels, or of `[height, width]`, NaN if any is; the first of
 * equal ones gets the gradient. The result is [batch, out height, out width, channels].
 *
 * @param x Images, [batch, height, width, channels].
 * @throws RangeError if no window fits, or one lies in padding alone.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.assert((await run.read(ops.maxPool2d(image, 2))).join() === "4");
 * console.assert((await run.read(ops.maxPool2d(image, [1, 2]))).join() === "2,4");
 * ```
 */
export const maxPool2d = (x: Tensor, size: PerAxis, given: PoolOptions = {}): Tensor =>
  apply(maxPoolSelectOp, [x, x], poolAttrs("maxPool2d", x, size, given));

/** The means of windows, padding included, multiplied by their areas over those inside the image. */
function withoutPadding(y: Tensor, { y: rows, x: columns }: PoolGeometry): Tensor {
  const along = (axis: PoolAxis, shape: readonly number[]) => {
    const windows = Array.from({ length: axis.out }, (_, window) => window);
    const inside = windows.map((window) => {
      const [from, to] = tapsInside(axis, window);
      return to - from;
    });
    // A quotient of integers, so that it is exact in float64 too.
    return div(
      tensor(windows.map((window) => countTapsOf(axis, window)), shape),
      tensor(inside, shape),
    );
  };
  return mul(mul(y, along(rows, [rows.out, 1, 1])), along(columns, [columns.out, 1]));
}

/**
 * The mean of each window of `size` × `size` pixels, or of `[height, width]`: [batch, out height, out width,
 * channels]. Padding counts as zeros, as in Caffe and PyTorch, unless `countPadding` is false; what lies beyond the padding, in
 * a last window kept by `ceil`, never counts.
 *
 * @param x Images, [batch, height, width, channels].
 * @throws RangeError if no window fits, or one lies in padding alone.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.assert((await run.read(ops.avgPool2d(image, 2))).join() === "2.5");
 * const padded = ops.avgPool2d(image, 2, { padding: 1, countPadding: false });
 * console.assert((await run.read(padded)).join() === "1,2,3,4");
 * ```
 */
export function avgPool2d(
  x: Tensor,
  size: PerAxis,
  { countPadding = true, ...given }: AvgPoolOptions = {},
): Tensor {
  const attrs = poolAttrs("avgPool2d", x, size, given), y = apply(avgPoolOp, [x], attrs);
  return countPadding || attrs.padding === 0 ? y : withoutPadding(y, poolGeometry(x.shape, attrs));
}
