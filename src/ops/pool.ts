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
import { showShape, sizeOf } from "../shape.ts";
import { apply, type Attrs, type KernelOp, type Tensor, tensor } from "../tensor.ts";
import { type ArgSpec, showSpec, type Spec } from "../spec.ts";
import { type Known, known, type Tuple } from "../tuple.ts";
import { div, mul } from "./scalar.ts";
import { pixelRange, type WindowAxis, windowAxis } from "./window_axis.ts";

/** Options of pooling. */
export interface PoolOptions {
  /** Step between windows, in pixels; the window's size if left out. */
  readonly stride?: number;
  /** Padding around the image on every side, in pixels; 0 if left out. */
  readonly padding?: number;
  /** Whether a last, partial window is kept, as in Caffe; false if left out. */
  readonly ceil?: boolean;
}

/** Options of average pooling. */
export interface AvgPoolOptions extends PoolOptions {
  /**
   * Whether padding counts as zeros, as in Caffe and in PyTorch with `count_include_pad`; true if left out.
   * If false, a window's sum is divided by the number of its pixels inside the image.
   */
  readonly countPadding?: boolean;
}

/** The windows of pooling over images [batch, y, x, channels]. */
export interface PoolGeometry {
  readonly batch: number;
  readonly channels: number;
  readonly y: WindowAxis;
  readonly x: WindowAxis;
}

/** The windows along an axis: as many as fit, with `ceil` also a last, partial one. */
function pooledAxis(size: number, attrs: Attrs): WindowAxis {
  const kernel = attrs.size as number, stride = attrs.stride as number;
  const padding = attrs.padding as number;
  const axis = windowAxis(size, { kernel, stride, padding });
  if (!attrs.ceil) return axis;
  const out = Math.ceil((size + 2 * padding - kernel) / stride) + 1;
  // A window must start inside the image or its padding before it (Caffe's pooling_layer.cpp).
  return { ...axis, out: (out - 1) * stride >= size + padding ? out - 1 : out };
}

/**
 * The geometry of pooling over images of a shape. Throws RangeError, in the name of the calling function,
 * if no window fits.
 */
export function poolGeometry(image: Spec["shape"], attrs: Attrs, name = "pool"): PoolGeometry {
  const size = attrs.size as number, stride = attrs.stride as number;
  const padding = attrs.padding as number;
  if (image.length !== 4) {
    throw new RangeError(
      `${name}: expected images [batch, height, width, channels], found ${showShape(image)}`,
    );
  }
  const whole = [size, stride, padding].every(Number.isInteger);
  if (!whole || size < 1 || stride < 1 || padding < 0 || padding >= size) {
    throw new RangeError(
      `${name}: expected size and stride of at least 1 and padding from 0 to size - 1, found size ${size}, stride ${stride}, padding ${padding}`,
    );
  }
  const [batch, height, width, channels] = image as Tuple<number, 4>;
  const y = pooledAxis(height, attrs), x = pooledAxis(width, attrs);
  if (y.out < 1 || x.out < 1) {
    throw new RangeError(
      `${name}: expected a window no larger than the padded image, found size ${size} for ${
        showShape(image)
      }, padding ${padding}`,
    );
  }
  return { batch, channels, y, x };
}

const poolSpec = ([x]: Known<ArgSpec>, attrs: Attrs): Spec => {
  const g = poolGeometry(x.shape, attrs);
  return { shape: [g.batch, g.y.out, g.x.out, g.channels], dtype: x.dtype };
};

/** The positions that a window covers along an axis, clipped to the image and its padding. */
const covered = ({ size, kernel, stride, padding }: WindowAxis, window: number): number =>
  Math.min(window * stride + kernel, size + 2 * padding) - window * stride;

/** Calls `visit` with each window's output index and the image indices inside it, in row order. */
function windows(g: PoolGeometry, visit: (out: number, inside: number[], area: number) => void) {
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.y.out; oy++) {
      const [top, bottom] = pixelRange(g.y, oy);
      for (let ox = 0; ox < g.x.out; ox++) {
        const [left, right] = pixelRange(g.x, ox);
        // The divisor that Caffe and PyTorch use.
        const area = covered(g.y, oy) * covered(g.x, ox);
        for (let c = 0; c < g.channels; c++) {
          const inside: number[] = [];
          for (let y = top; y < bottom; y++) {
            for (let x = left; x < right; x++) {
              inside.push(((n * g.y.size + y) * g.x.size + x) * g.channels + c);
            }
          }
          visit(((n * g.y.out + oy) * g.x.out + ox) * g.channels + c, inside, area);
        }
      }
    }
  }
}

const first = (x: Float64Array, inside: readonly number[]) =>
  inside.reduce((at, i) => x[i]! > x[at]! || Number.isNaN(x[i]) ? i : at);

const windowFlops = (_: readonly Spec[], y: Spec, attrs: Attrs) =>
  sizeOf(y.shape) * (attrs.size as number) ** 2;
const imageFlops = ([x]: Known<ArgSpec>, _: Spec, attrs: Attrs) =>
  sizeOf(x.shape) * Math.ceil((attrs.size as number) / (attrs.stride as number)) ** 2;

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

function options(name: string, x: Tensor, size: number, given: PoolOptions): Attrs {
  if (x.dtype !== "f32") throw new TypeError(`${name}: expected f32 images, found ${showSpec(x)}`);
  const { stride = size, padding = 0, ceil = false } = given;
  const attrs = { size, stride, padding, ceil };
  poolGeometry(x.shape, attrs, name);
  return attrs;
}

/**
 * The maximum of each window of `size` × `size` pixels, NaN if any is; the first of equal ones gets the
 * gradient. The result is [batch, out height, out width, channels].
 *
 * @param x Images, [batch, height, width, channels].
 * @throws RangeError if no window fits.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]);
 * console.assert((await run.read(ops.maxPool2d(image, 2))).join() === "4");
 * ```
 */
export const maxPool2d = (x: Tensor, size: number, given: PoolOptions = {}): Tensor =>
  apply(maxPoolSelectOp, [x, x], options("maxPool2d", x, size, given));

/** The means of windows, padding included, multiplied by their areas over those inside the image. */
function withoutPadding(y: Tensor, { y: rows, x: columns }: PoolGeometry): Tensor {
  const along = (axis: WindowAxis, shape: readonly number[]) => {
    const windows = Array.from({ length: axis.out }, (_, window) => window);
    const inside = windows.map((window) => {
      const [from, to] = pixelRange(axis, window);
      return to - from;
    });
    // A quotient of integers, so that it is exact in float64 too.
    return div(
      tensor(windows.map((window) => covered(axis, window)), shape),
      tensor(inside, shape),
    );
  };
  return mul(mul(y, along(rows, [rows.out, 1, 1])), along(columns, [columns.out, 1]));
}

/**
 * The mean of each window of `size` × `size` pixels: [batch, out height, out width, channels]. Padding
 * counts as zeros, as in Caffe and PyTorch, unless `countPadding` is false; what lies beyond the padding, in
 * a last window kept by `ceil`, never counts.
 *
 * @param x Images, [batch, height, width, channels].
 * @throws RangeError if no window fits.
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
  size: number,
  { countPadding = true, ...given }: AvgPoolOptions = {},
): Tensor {
  const attrs = options("avgPool2d", x, size, given), y = apply(avgPoolOp, [x], attrs);
  return countPadding || attrs.padding === 0 ? y : withoutPadding(y, poolGeometry(x.shape, attrs));
}
