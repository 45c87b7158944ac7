/**
 * Convolution and its gradients for any stride, padding and groups: a thread for each element of the
 * result. The kernels that carry training are in `gemm/` for GPUs, in `conv_direct.ts` and
 * `conv_weight.ts` for software adapters.
 *
 * @module
 */
import { type ConvSizes, convSizes } from "../../../../ops/conv.ts";
import { sizeOf } from "../../../../shape.ts";
import {
  type KernelContext,
  type Lower,
  type Lowered,
  MAX_ROUNDS,
  perElement,
  sumParts,
} from "../kernel.ts";
import { directConv, directInputGradient } from "../software/correlation.ts";
import { directWeightGradient } from "../software/weight_gradient.ts";
import { convProduct, inputGradientProduct, weightGradientProduct } from "../gemm/conv.ts";

const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];

/** Below this many products a plain kernel, which compiles at once, is the faster one in the end. */
const SMALL = 1 << 22;

/**
 * A kernel in which a thread walks over all taps: in one dispatch, or, where the loops would be too
 * long, a part of the kernel's lines each, which are added.
 */
function overTaps(
  s: ConvSizes,
  outputs: number,
  inner: number,
  lines: (first: string, end: string) => string,
): Lowered {
  const row = s.kernelWidth * inner, rows = Math.floor(MAX_ROUNDS / row);
  if (rows < 1) {
    throw new RangeError(
      `webgpu: expected at most ${MAX_ROUNDS} products in one line of a strided or grouped convolution, found ${row}`,
    );
  }
  const parts = Math.ceil(s.kernelHeight / rows);
  if (parts === 1) {
    const text = `${lines("0", `${s.kernelHeight}`)}\n  store(i, total);`;
    return { dispatches: [{ ...perElement(outputs, text), loads, writes: { width: 1 } }] };
  }
  const text = `  let whole = i;
  let part = i32(i / ${outputs}u);
  { let i = whole - u32(part) * ${outputs}u;
${lines(`part * ${rows}`, `min((part + 1) * ${rows}, ${s.kernelHeight})`)}
  store(whole, total); }`;
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      { ...perElement(parts * outputs, text), loads, writes: { scratch: 0, width: 1 } },
      sumParts(parts, outputs),
    ],
  };
}

const products = (s: ConvSizes) =>
  s.batch * s.outHeight * s.outWidth * s.outChannels * s.kernelHeight * s.kernelWidth * s.groupIn;

const isDirect = (s: ConvSizes) => s.groups === 1 && s.stride === 1 && products(s) >= SMALL;

/** Whether a convolution is computed as a product of matrices: on GPUs, where tiles pay. */
const isProduct = ({ fewPipelines }: KernelContext, s: ConvSizes) =>
  !fewPipelines && s.groups === 1 && products(s) >= SMALL;

/** image, weight → output. */
export const conv2d: Lower = (context) => {
  const s = convSizes(context.args[0].shape, context.args[1].shape, context.attrs);
  if (isProduct(context, s)) return convProduct(context, s);
  const direct = isDirect(s) ? directConv(context, s) : undefined;
  return direct ?? overTaps(
    s,
    sizeOf(context.spec.shape),
    s.groupIn,
    (first, end) =>
      `  let pixel = i / ${s.outChannels}u;
  let o = i - pixel * ${s.outChannels}u;
  let line = pixel / ${s.outWidth}u;
  let left = i32(pixel - line * ${s.outWidth}u) * ${s.stride} - ${s.padding};
  let n = line / ${s.outHeight}u;
  let top = i32(line - n * ${s.outHeight}u) * ${s.stride} - ${s.padding};
  let channel = o / ${s.groupOut}u * ${s.groupIn}u;
  var total = 0.0;
  for (var ky = ${first}; ky < ${end}; ky++) {
    let y = top + ky;
    if (y < 0 || y >= ${s.height}) { continue; }
    for (var kx = 0; kx < ${s.kernelWidth}; kx++) {
      let x = left + kx;
      if (x < 0 || x >= ${s.width}) { continue; }
      let image = ((n * ${s.height}u + u32(y)) * ${s.width}u + u32(x)) * ${s.channels}u + channel;
      let weight = u32(ky * ${s.kernelWidth} + kx) * ${s.groupIn * s.outChannels}u + o;
      for (var c = 0u; c < ${s.groupIn}u; c++) {
        total += load0(image + c) * load1(weight + c * ${s.outChannels}u);
      }
    }
  }
`,
  );
};

/** output cotangent, weight → image cotangent. */
export const conv2dInputGradient: Lower = (context) => {
  const s = convSizes(context.spec.shape, context.args[1].shape, context.attrs);
  if (isProduct(context, s)) return inputGradientProduct(context, s);
  const fits = s.kernelHeight > s.padding && s.kernelWidth === s.kernelHeight;
  const direct = isDirect(s) && fits ? directInputGradient(context, s) : undefined;
  return direct ?? overTaps(
    s,
    sizeOf(context.spec.shape),
    s.groupOut,
    (first, end) =>
      `  let pixel = i / ${s.channels}u;
  let channel = i - pixel * ${s.channels}u;
  let line = pixel / ${s.width}u;
  let x = i32(pixel - line * ${s.width}u) + ${s.padding};
  let n = line / ${s.height}u;
  let y = i32(line - n * ${s.height}u) + ${s.padding};
  let part = channel / ${s.groupIn}u;
  let c = channel - part * ${s.groupIn}u;
  var total = 0.0;
  for (var ky = ${first}; ky < ${end}; ky++) {
    let oy = (y - ky) / ${s.stride};
    if (y < ky || oy * ${s.stride} != y - ky || oy >= ${s.outHeight}) { continue; }
    for (var kx = 0; kx < ${s.kernelWidth}; kx++) {
      let ox = (x - kx) / ${s.stride};
      if (x < kx || ox * ${s.stride} != x - kx || ox >= ${s.outWidth}) { continue; }
      let out = ((n * ${s.outHeight}u + u32(oy)) * ${s.outWidth}u + u32(ox)) * ${s.outChannels}u + part * ${s.groupOut}u;
      let weight = (u32(ky * ${s.kernelWidth} + kx) * ${s.groupIn}u + c) * ${s.outChannels}u + part * ${s.groupOut}u;
      for (var o = 0u; o < ${s.groupOut}u; o++) { total += load0(out + o) * load1(weight + o); }
    }
  }
`,
  );
};

/** image, output cotangent → weight cotangent. */
export const conv2dWeightGradient: Lower = (context) => {
  const s = convSizes(context.args[0].shape, context.spec.shape, context.attrs);
  if (isProduct(context, s)) return weightGradientProduct(context, s);
  const direct = isDirect(s) ? directWeightGradient(context, s) : undefined;
  if (direct) return direct;
  // Rows of images are shared out among parts, so that small weights still fill the device.
  const lines = s.batch * s.outHeight, outputs = sizeOf(context.spec.shape);
  const parts = Math.min(
    lines,
    Math.max(Math.ceil(8192 / outputs), Math.ceil(lines * s.outWidth / MAX_ROUNDS)),
  );
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      {
        ...perElement(
          parts * outputs,
          `  let part = i / ${outputs}u;
  let rest = i - part * ${outputs}u;
  let tap = rest / ${s.groupIn * s.outChannels}u;
  let pair = rest - tap * ${s.groupIn * s.outChannels}u;
  let c = pair / ${s.outChannels}u;
  let o = pair - c * ${s.outChannels}u;
  let channel = o / ${s.groupOut}u * ${s.groupIn}u + c;
  let ky = i32(tap / ${s.kernelWidth}u);
  let kx = i32(tap % ${s.kernelWidth}u);
  var total = 0.0;
  for (var line = part; line < ${lines}u; line += ${parts}u) {
    let n = line / ${s.outHeight}u;
    let y = i32(line - n * ${s.outHeight}u) * ${s.stride} - ${s.padding} + ky;
    if (y < 0 || y >= ${s.height}) { continue; }
    let image = (n * ${s.height}u + u32(y)) * ${s.width}u;
    for (var ox = 0; ox < ${s.outWidth}; ox++) {
      let x = ox * ${s.stride} - ${s.padding} + kx;
      if (x < 0 || x >= ${s.width}) { continue; }
      total += load0((image + u32(x)) * ${s.channels}u + channel) *
        load1((line * ${s.outWidth}u + u32(ox)) * ${s.outChannels}u + o);
    }
  }
  store(i, total);`,
        ),
        loads,
        writes: { scratch: 0, width: 1 },
      },
      sumParts(parts, outputs),
    ],
  };
};
