/**
 * 2-D convolution and its two gradients: three bilinear kernels, each the adjoint of the others, so
 * that derivatives of every order stay within the family.
 *
 * @module
 */
import { showShape, sizeOf } from "../shape.ts";
import { apply, type Attrs, type KernelOp, type Tensor } from "../tensor.ts";
import { showSpec, type Spec } from "../spec.ts";
import type { Tuple } from "../tuple.ts";

/** Options of a convolution. */
export interface ConvOptions {
  /** Step between windows, in pixels; 1 if left out. */
  readonly stride?: number | undefined;
  /** Zeros around the image on every side, in pixels; 0 if left out. */
  readonly padding?: number | undefined;
  /** Into how many independent parts the channels are split; 1 if left out. */
  readonly groups?: number;
}

/** The sizes of a convolution, worked out once from its image, weight and attributes. */
export interface ConvSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Input channels of one group. */
  readonly groupIn: number;
  /** Output channels of one group. */
  readonly groupOut: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

/** Works out {@linkcode ConvSizes}. Throws RangeError if they do not fit together. */
export function convSizes(image: Spec["shape"], weight: Spec["shape"], attrs: Attrs): ConvSizes {
  const stride = attrs.stride as number, padding = attrs.padding as number;
  const groups = attrs.groups as number;
  const [batch, height, width, channels] = image as Tuple<number, 4>;
  const [kernelHeight, kernelWidth, groupIn, outChannels] = weight as Tuple<number, 4>;
  const found = `image ${showShape(image)}, weight ${showShape(weight)}, groups ${groups}`;
  if (image.length !== 4 || weight.length !== 4) {
    throw new RangeError(
      `conv2d: expected an image [batch, height, width, channels] and a weight [height, width, in, out], found ${found}`,
    );
  }
  if (
    ![stride, groups].every((n) => Number.isInteger(n) && n >= 1) ||
    !(Number.isInteger(padding) && padding >= 0)
  ) {
    throw new RangeError(
      `conv2d: expected stride and groups of at least 1 and padding of at least 0, found stride ${stride}, groups ${groups}, padding ${padding}`,
    );
  }
  if (channels !== groupIn * groups || outChannels % groups !== 0) {
    throw new RangeError(
      `conv2d: expected a weight for ${
        channels / groups
      } input channels a group and a multiple of ${groups} output channels, found ${found}`,
    );
  }
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  if (outHeight < 1 || outWidth < 1) {
    throw new RangeError(
      `conv2d: expected a kernel no larger than the padded image, found ${found}, padding ${padding}`,
    );
  }
  return {
    batch,
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    groupIn,
    groupOut: outChannels / groups,
    outHeight,
    outWidth,
    outChannels,
    stride,
    padding,
    groups,
  };
}

/**
 * Calls `visit` with the flat indices (image, weight, output) of every product of a convolution with
 * the first output channel of a group; the others of the group follow one by one.
 */
function products(s: ConvSizes, visit: (image: number, weight: number, out: number) => void) {
  for (let n = 0; n < s.batch; n++) {
    for (let oy = 0; oy < s.outHeight; oy++) {
      for (let ox = 0; ox < s.outWidth; ox++) {
        const out = ((n * s.outHeight + oy) * s.outWidth + ox) * s.outChannels;
        for (let ky = 0; ky < s.kernelHeight; ky++) {
          const y = oy * s.stride + ky - s.padding;
          if (y < 0 || y >= s.height) continue;
          for (let kx = 0; kx < s.kernelWidth; kx++) {
            const x = ox * s.stride + kx - s.padding;
            if (x < 0 || x >= s.width) continue;
            const image = ((n * s.height + y) * s.width + x) * s.channels;
            const tap = (ky * s.kernelWidth + kx) * s.groupIn;
            for (let c = 0; c < s.channels; c++) {
              const first = Math.floor(c / s.groupIn) * s.groupOut;
              visit(image + c, (tap + c % s.groupIn) * s.outChannels + first, out + first);
            }
          }
        }
      }
    }
  }
}

const flops = (s: ConvSizes) =>
  2 * s.batch * s.outHeight * s.outWidth * s.outChannels * s.kernelHeight * s.kernelWidth *
  s.groupIn;

/** image [n, h, w, c], weight [kh, kw, c / groups, o] → [n, oh, ow, o]. */
export const conv2dOp: KernelOp = {
  kind: "kernel",
  name: "conv2d",
  infer: ([x, w], attrs) => {
    const s = convSizes(x.shape, w.shape, attrs);
    return { shape: [s.batch, s.outHeight, s.outWidth, s.outChannels], dtype: x.dtype };
  },
  reference: ([x, w], [xs, ws], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    const s = convSizes(xs.shape, ws.shape, attrs);
    products(s, (i, k, o) => {
      const pixel = x[i]!;
      for (let c = 0; c < s.groupOut; c++) out[o + c]! += pixel * w[k + c]!;
    });
    return out;
  },
  flops: ([x, w], _, attrs) => flops(convSizes(x.shape, w.shape, attrs)),
  vjp: (
    g,
    [x, w],
    _,
    attrs,
  ) => [inputGradient(g, w, x.shape, attrs), weightGradient(x, g, w.shape, attrs)],
};

/** The cotangent of the image, from that of the output and the weight. */
export const conv2dInputGradientOp: KernelOp = {
  kind: "kernel",
  name: "conv2dInputGradient",
  infer: ([g], attrs) => ({ shape: attrs.shape as readonly number[], dtype: g.dtype }),
  reference: ([g, w], [, ws], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    const s = convSizes(y.shape, ws.shape, attrs);
    products(s, (i, k, o) => {
      let total = out[i]!;
      for (let c = 0; c < s.groupOut; c++) total += g[o + c]! * w[k + c]!;
      out[i] = total;
    });
    return out;
  },
  flops: ([, w], y, attrs) => flops(convSizes(y.shape, w.shape, attrs)),
  vjp: (
    c,
    [g, w],
    _,
    attrs,
  ) => [apply(conv2dOp, [c, w], bare(attrs)), weightGradient(c, g, w.shape, attrs)],
};

/** The cotangent of the weight, from the image and the cotangent of the output. */
export const conv2dWeightGradientOp: KernelOp = {
  kind: "kernel",
  name: "conv2dWeightGradient",
  infer: ([x], attrs) => ({ shape: attrs.shape as readonly number[], dtype: x.dtype }),
  reference: ([x, g], [xs], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    const s = convSizes(xs.shape, y.shape, attrs);
    products(s, (i, k, o) => {
      const pixel = x[i]!;
      for (let c = 0; c < s.groupOut; c++) out[k + c]! += pixel * g[o + c]!;
    });
    return out;
  },
  flops: ([x], y, attrs) => flops(convSizes(x.shape, y.shape, attrs)),
  vjp: (
    c,
    [x, g],
    _,
    attrs,
  ) => [inputGradient(g, c, x.shape, attrs), apply(conv2dOp, [x, c], bare(attrs))],
};

const bare = ({ stride, padding, groups }: Attrs): Attrs => ({
  stride: stride!,
  padding: padding!,
  groups: groups!,
});

const inputGradient = (g: Tensor, w: Tensor, shape: Spec["shape"], attrs: Attrs) =>
  apply(conv2dInputGradientOp, [g, w], { ...bare(attrs), shape: [...shape] });

const weightGradient = (x: Tensor, g: Tensor, shape: Spec["shape"], attrs: Attrs) =>
  apply(conv2dWeightGradientOp, [x, g], { ...bare(attrs), shape: [...shape] });

/**
 * 2-D cross-correlation, f32.
 *
 * @param x Images, [batch, height, width, channels].
 * @param w Weights, [height, width, channels / groups, out].
 * @throws RangeError if the sizes do not fit together.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]), weight = ops.constant(1, [2, 2, 1, 1]);
 * console.assert((await run.read(ops.conv2d(image, weight))).join() === "10");
 * console.assert(ops.conv2d(image, weight, { padding: 1 }).shape.join() === "1,3,3,1");
 * ```
 */
export function conv2d(x: Tensor, w: Tensor, options: ConvOptions = {}): Tensor {
  if (x.dtype !== "f32" || w.dtype !== "f32") {
    throw new TypeError(`conv2d: expected f32 operands, found ${showSpec(x)} and ${showSpec(w)}`);
  }
  const { stride = 1, padding = 0, groups = 1 } = options;
  return apply(conv2dOp, [x, w], { stride, padding, groups });
}
