/**
 * Options of pooling, and the geometry of its windows, shared by the ops and the kernels of every device.
 *
 * @module
 */
import { checkTensor } from "./check.ts";
import { showShape } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Attrs, Tensor } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import {
  checkOption,
  type Padding,
  type PerAxis,
  perAxis,
  shortest,
  sidesOf,
  windowsOf,
} from "./conv_options.ts";
import { extent, type WindowAxis, windowAxis, type WindowOptions } from "./window_axis.ts";

/** Options of pooling. */
export interface PoolOptions {
  /** Step between windows, in pixels; the window's size if left out. */
  readonly stride?: PerAxis;
  /**
   * Padding around the image, in pixels: on every side, for each axis, or for each side; 0 if left out.
   * `"same"` gives ⌈size / stride⌉ windows an axis, as of a convolution.
   */
  readonly padding?: Padding | "same";
  /** Step between the pixels of a window; 1, a window without gaps, if left out. */
  readonly dilation?: PerAxis;
  /** Whether a last, partial window is kept, as in Caffe; false if left out. */
  readonly ceil?: boolean;
}

/** The windows of pooling along an axis. */
export interface PoolAxis extends WindowAxis {
  /** Positions of padding after the last pixel, which a mean counts. */
  readonly paddingAfter: number;
}

/** The windows of pooling over images [batch, y, x, channels]. */
export interface PoolGeometry {
  readonly batch: number;
  readonly channels: number;
  readonly y: PoolAxis;
  readonly x: PoolAxis;
}

/** The windows along an axis: as many as fit, with `ceil` also a last, partial one. */
function pooledAxis(size: number, options: Required<WindowOptions>, ceil: boolean): PoolAxis {
  const { stride, padding, paddingAfter } = options;
  const axis = { ...windowAxis(size, options), paddingAfter };
  if (!ceil) return axis;
  const out = Math.ceil((size + padding + paddingAfter - extent(options)) / stride) + 1;
  // A window must start inside the image or its padding before it (Caffe's pooling_layer.cpp).
  return { ...axis, out: (out - 1) * stride >= size + padding ? out - 1 : out };
}

/** The taps of a window that lie inside the image: from the first, to one past the last. */
export function tapsInside(a: PoolAxis, window: number): readonly [from: number, to: number] {
  const first = window * a.stride - a.padding;
  return [
    Math.max(0, Math.ceil(-first / a.dilation)),
    Math.min(a.kernel, Math.ceil((a.size - first) / a.dilation)),
  ];
}

/** The number of a window's taps inside the image or its padding: what Caffe and PyTorch divide by. */
export const countTapsOf = (a: PoolAxis, window: number): number =>
  Math.min(
    a.kernel,
    Math.ceil((a.size + a.padding + a.paddingAfter - window * a.stride) / a.dilation),
  );

/** Whether every window has a tap inside the image. */
const allHavePixels = (a: PoolAxis): boolean =>
  Array.from({ length: a.out }, (_, window) => tapsInside(a, window)).every(([from, to]) =>
    from < to
  );

/**
 * The geometry of pooling over images of a shape. Throws RangeError, in the name of the calling function,
 * if no window fits, or one lies in padding alone.
 */
export function poolGeometry(image: Spec["shape"], attrs: Attrs, name = "pool"): PoolGeometry {
  if (image.length !== 4) {
    throw new RangeError(
      `${name}: expected images [batch, height, width, channels], found ${showShape(image)}`,
    );
  }
  const [batch, height, width, channels] = image as Tuple<number, 4>, windows = windowsOf(attrs);
  const size = perAxis(attrs.size as PerAxis), ceil = Boolean(attrs.ceil);
  const y = pooledAxis(height, { kernel: size[0], ...windows.y }, ceil);
  const x = pooledAxis(width, { kernel: size[1], ...windows.x }, ceil);
  const fault = y.out < 1 || x.out < 1
    ? "a window no larger than the padded image"
    : allHavePixels(y) && allHavePixels(x)
    ? undefined
    : "at least one pixel of the image in every window";
  if (fault) {
    const { padding, dilation } = attrs;
    throw new RangeError(
      `${name}: expected ${fault}, found size ${attrs.size} for ${
        showShape(image)
      }, padding ${padding}${dilation === undefined ? "" : `, dilation ${dilation}`}`,
    );
  }
  return { batch, channels, y, x };
}

/** Throws RangeError unless a size and options are numbers that pooling can have. */
export function checkPoolOptions(name: string, size: PerAxis, options: PoolOptions): void {
  const { stride = size, padding = 0, dilation = 1 } = options;
  checkOption(name, "size", size, 1, "pair");
  checkOption(name, "stride", stride, 1, "pair");
  checkOption(name, "dilation", dilation, 1, "pair");
  if (padding !== "same") checkOption(name, "padding", padding, 0, "sides");
}

/**
 * The attributes of pooling images; equal geometries have equal ones. Throws RangeError or TypeError if
 * they cannot be pooled so.
 */
export function poolAttrs(name: string, x: Tensor, size: PerAxis, options: PoolOptions): Attrs {
  checkTensor(name, x);
  if (x.dtype !== "f32") throw new TypeError(`${name}: expected f32 images, found ${showSpec(x)}`);
  const { stride = size, padding = 0, dilation = 1, ceil = false } = options;
  checkPoolOptions(name, size, options);
  const dilations = perAxis(dilation);
  const attrs = {
    size: shortest(perAxis(size)),
    stride: shortest(perAxis(stride)),
    padding: shortest(sidesOf({ padding, stride, dilation }, x.shape.slice(1), perAxis(size))),
    ceil,
    ...(dilations.some((d) => d !== 1) && { dilation: shortest(dilations) }),
  };
  poolGeometry(x.shape, attrs, name);
  return attrs;
}
