/**
 * 2-D convolution and its two gradients: three bilinear kernels, whose adjoints are one another, so that
 * derivatives of every order need no other kernel.
 *
 * @module
 */
import { sizeOf } from "../shape.ts";
import { showSpec, type Spec } from "../spec.ts";
import { checkTensor } from "./check.ts";
import { apply, type Attrs, type KernelOp, type Tensor } from "../tensor.ts";
import { type ConvGeometry, convGeometry, countProducts } from "./conv_geometry.ts";
import { checkConvOptions, convAttrs, type ConvOptions, sidesOf } from "./conv_options.ts";
import { pixelAt } from "./window_axis.ts";

/**
 * Calls `visit` with the flat indices (image, weight, output) of every product for the first output channel
 * of each group; the group's other output channels are at consecutive indices.
 */
function products(g: ConvGeometry, visit: (image: number, weight: number, out: number) => void) {
  for (let n = 0; n < g.batch; n++) {
    for (let oy = 0; oy < g.y.out; oy++) {
      for (let ox = 0; ox < g.x.out; ox++) {
        const out = ((n * g.y.out + oy) * g.x.out + ox) * g.outChannels;
        for (let ky = 0; ky < g.y.kernel; ky++) {
          const y = pixelAt(g.y, oy, ky);
          if (y === undefined) continue;
          for (let kx = 0; kx < g.x.kernel; kx++) {
            const x = pixelAt(g.x, ox, kx);
            if (x === undefined) continue;
            const image = ((n * g.y.size + y) * g.x.size + x) * g.channels;
            const tap = (ky * g.x.kernel + kx) * g.groupIn;
            for (let c = 0; c < g.channels; c++) {
              const first = Math.floor(c / g.groupIn) * g.groupOut;
              visit(image + c, (tap + c % g.groupIn) * g.outChannels + first, out + first);
            }
          }
        }
      }
    }
  }
}

const flops = (g: ConvGeometry) => 2 * countProducts(g);

/** image [n, h, w, c], weight [kh, kw, c / groups, o] → [n, oh, ow, o]. */
export const conv2dOp: KernelOp = {
  kind: "kernel",
  name: "conv2d",
  infer: ([x, w], attrs) => {
    const g = convGeometry(x.shape, w.shape, attrs);
    return { shape: [g.batch, g.y.out, g.x.out, g.outChannels], dtype: x.dtype };
  },
  reference: ([x, w], [xs, ws], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    const geometry = convGeometry(xs.shape, ws.shape, attrs);
    products(geometry, (i, k, o) => {
      const pixel = x[i]!;
      for (let c = 0; c < geometry.groupOut; c++) out[o + c]! += pixel * w[k + c]!;
    });
    return out;
  },
  flops: ([x, w], _, attrs) => flops(convGeometry(x.shape, w.shape, attrs)),
  vjp: (
    g,
    [x, w],
    _,
    attrs,
  ) => [inputGradient(g, w, x.shape, attrs), weightGradient(x, g, w.shape, attrs)],
};

/** The cotangent of the image, from the cotangent of the output and the weight. */
export const conv2dInputGradientOp: KernelOp = {
  kind: "kernel",
  name: "conv2dInputGradient",
  infer: ([g], attrs) => ({ shape: attrs.shape as readonly number[], dtype: g.dtype }),
  reference: ([g, w], [, ws], y, attrs) => {
    const out = new Float64Array(sizeOf(y.shape));
    const geometry = convGeometry(y.shape, ws.shape, attrs);
    products(geometry, (i, k, o) => {
      let total = out[i]!;
      for (let c = 0; c < geometry.groupOut; c++) total += g[o + c]! * w[k + c]!;
      out[i] = total;
    });
    return out;
  },
  flops: ([, w], y, attrs) => flops(convGeometry(y.shape, w.shape, attrs)),
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
    const geometry = convGeometry(xs.shape, y.shape, attrs);
    products(geometry, (i, k, o) => {
      const pixel = x[i]!;
      for (let c = 0; c < geometry.groupOut; c++) out[k + c]! += pixel * g[o + c]!;
    });
    return out;
  },
  flops: ([x], y, attrs) => flops(convGeometry(x.shape, y.shape, attrs)),
  vjp: (
    c,
    [x, g],
    _,
    attrs,
  ) => [inputGradient(g, c, x.shape, attrs), apply(conv2dOp, [x, c], bare(attrs))],
};

/** The attributes without the shape of a gradient's result. */
function bare({ shape: _, ...geometry }: Attrs): Attrs {
  return geometry as Attrs;
}

const inputGradient = (g: Tensor, w: Tensor, shape: Spec["shape"], attrs: Attrs) =>
  apply(conv2dInputGradientOp, [g, w], { ...bare(attrs), shape: [...shape] });

const weightGradient = (x: Tensor, g: Tensor, shape: Spec["shape"], attrs: Attrs) =>
  apply(conv2dWeightGradientOp, [x, g], { ...bare(attrs), shape: [...shape] });

/** Throws TypeError unless images and weights are f32. */
export function checkFloats(name: string, x: Tensor, w: Tensor): void {
  checkTensor(name, x);
  checkTensor(name, w);
  if (x.dtype === "f32" && w.dtype === "f32") return;
  throw new TypeError(`${name}: expected f32 operands, found ${showSpec(x)} and ${showSpec(w)}`);
}

/**
 * 2-D convolution (cross-correlation, as in all frameworks), f32: [batch, out height, out width, out].
 *
 * @param x Images, [batch, height, width, channels].
 * @param w Weights, [height, width, channels / groups, out].
 * @throws RangeError if the sizes do not fit together, or an option is a number that it cannot be.
 *
 * @example
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const image = tensor([1, 2, 3, 4], [1, 2, 2, 1]), weight = ops.constant(1, [2, 2, 1, 1]);
 * console.assert((await run.read(ops.conv2d(image, weight))).join() === "10");
 * console.assert(ops.conv2d(image, weight, { padding: 1 }).shape.join() === "1,3,3,1");
 * const rowsApart = ops.conv2d(image, weight, { padding: "same", stride: [2, 1] });
 * console.assert(rowsApart.shape.join() === "1,1,2,1");
 * ```
 */
export function conv2d(x: Tensor, w: Tensor, options: ConvOptions = {}): Tensor {
  checkFloats("conv2d", x, w);
  checkConvOptions("conv2d", options);
  return apply(conv2dOp, [x, w], convAttrs(options, sidesOf(options, x.shape.slice(1), w.shape)));
}
