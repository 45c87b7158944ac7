/**
 * conv2d and its gradients for any geometry: one thread per element of the result.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { sizeOf } from "../../../../shape.ts";
import { load, store } from "../accessors.ts";
import { MAX_ROUNDS, perElement } from "../entry_points.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { sumParts } from "../partials.ts";

const loads = [{ argument: 0, width: 1 as const }, { argument: 1, width: 1 as const }];

/**
 * A kernel whose threads loop over all taps: in one dispatch, or, where the loops would be too long, split
 * into parts by kernel rows, whose results are added.
 */
function overTaps(
  g: ConvGeometry,
  outputs: number,
  inner: number,
  lines: (first: string, end: string) => string,
): Lowered {
  const row = g.x.kernel * inner, rows = Math.floor(MAX_ROUNDS / row);
  if (rows < 1) {
    throw new RangeError(
      `webgpu: expected at most ${MAX_ROUNDS} products in one line of a strided or grouped convolution, found ${row}`,
    );
  }
  const parts = Math.ceil(g.y.kernel / rows);
  if (parts === 1) {
    const text = `${lines("0", `${g.y.kernel}`)}\n  ${store()}(i, total);`;
    return { dispatches: [{ ...perElement(outputs, text), loads, writes: { width: 1 } }] };
  }
  const text = `  let whole = i;
  let part = i32(i / ${outputs}u);
  { let i = whole - u32(part) * ${outputs}u;
${lines(`part * ${rows}`, `min((part + 1) * ${rows}, ${g.y.kernel})`)}
  ${store()}(whole, total); }`;
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      { ...perElement(parts * outputs, text), loads, writes: { scratch: 0, width: 1 } },
      sumParts(parts, outputs),
    ],
  };
}

/** image, weight → output. */
export const naiveConv = (context: KernelContext, g: ConvGeometry): Lowered =>
  overTaps(
    g,
    sizeOf(context.spec.shape),
    g.groupIn,
    (first, end) =>
      `  let pixel = i / ${g.outChannels}u;
  let o = i - pixel * ${g.outChannels}u;
  let line = pixel / ${g.x.out}u;
  let left = i32(pixel - line * ${g.x.out}u) * ${g.x.stride} - ${g.x.padding};
  let n = line / ${g.y.out}u;
  let top = i32(line - n * ${g.y.out}u) * ${g.y.stride} - ${g.y.padding};
  let channel = o / ${g.groupOut}u * ${g.groupIn}u;
  var total = 0.0;
  for (var ky = ${first}; ky < ${end}; ky++) {
    let y = top + ky * ${g.y.dilation};
    if (y < 0 || y >= ${g.y.size}) { continue; }
    for (var kx = 0; kx < ${g.x.kernel}; kx++) {
      let x = left + kx * ${g.x.dilation};
      if (x < 0 || x >= ${g.x.size}) { continue; }
      let image = ((n * ${g.y.size}u + u32(y)) * ${g.x.size}u + u32(x)) * ${g.channels}u + channel;
      let weight = u32(ky * ${g.x.kernel} + kx) * ${g.groupIn * g.outChannels}u + o;
      for (var c = 0u; c < ${g.groupIn}u; c++) {
        total += ${load(0)}(image + c) * ${load(1)}(weight + c * ${g.outChannels}u);
      }
    }
  }
`,
  );

/** output cotangent, weight → image cotangent. */
export const naiveInputGradient = (context: KernelContext, g: ConvGeometry): Lowered =>
  overTaps(
    g,
    sizeOf(context.spec.shape),
    g.groupOut,
    (first, end) =>
      `  let pixel = i / ${g.channels}u;
  let channel = i - pixel * ${g.channels}u;
  let line = pixel / ${g.x.size}u;
  let x = i32(pixel - line * ${g.x.size}u) + ${g.x.padding};
  let n = line / ${g.y.size}u;
  let y = i32(line - n * ${g.y.size}u) + ${g.y.padding};
  let part = channel / ${g.groupIn}u;
  let c = channel - part * ${g.groupIn}u;
  var total = 0.0;
  for (var ky = ${first}; ky < ${end}; ky++) {
    let dy = y - ky * ${g.y.dilation};
    let oy = dy / ${g.y.stride};
    if (dy < 0 || oy * ${g.y.stride} != dy || oy >= ${g.y.out}) { continue; }
    for (var kx = 0; kx < ${g.x.kernel}; kx++) {
      let dx = x - kx * ${g.x.dilation};
      let ox = dx / ${g.x.stride};
      if (dx < 0 || ox * ${g.x.stride} != dx || ox >= ${g.x.out}) { continue; }
      let out = ((n * ${g.y.out}u + u32(oy)) * ${g.x.out}u + u32(ox)) * ${g.outChannels}u + part * ${g.groupOut}u;
      let weight = (u32(ky * ${g.x.kernel} + kx) * ${g.groupIn}u + c) * ${g.outChannels}u + part * ${g.groupOut}u;
      for (var o = 0u; o < ${g.groupOut}u; o++) { total += ${load(0)}(out + o) * ${
        load(1)
      }(weight + o); }
    }
  }
`,
  );

/** image, output cotangent → weight cotangent. */
export function naiveWeightGradient(context: KernelContext, g: ConvGeometry): Lowered {
  // Rows of images are divided among parts, so that small weights still saturate the device.
  const lines = g.batch * g.y.out, outputs = sizeOf(context.spec.shape);
  const parts = Math.min(
    lines,
    Math.max(Math.ceil(8192 / outputs), Math.ceil(lines * g.x.out / MAX_ROUNDS)),
  );
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      {
        ...perElement(
          parts * outputs,
          `  let part = i / ${outputs}u;
  let rest = i - part * ${outputs}u;
  let tap = rest / ${g.groupIn * g.outChannels}u;
  let pair = rest - tap * ${g.groupIn * g.outChannels}u;
  let c = pair / ${g.outChannels}u;
  let o = pair - c * ${g.outChannels}u;
  let channel = o / ${g.groupOut}u * ${g.groupIn}u + c;
  let ky = i32(tap / ${g.x.kernel}u);
  let kx = i32(tap % ${g.x.kernel}u);
  var total = 0.0;
  for (var line = part; line < ${lines}u; line += ${parts}u) {
    let n = line / ${g.y.out}u;
    let y = i32(line - n * ${g.y.out}u) * ${g.y.stride} - ${g.y.padding} + ky * ${g.y.dilation};
    if (y < 0 || y >= ${g.y.size}) { continue; }
    let image = (n * ${g.y.size}u + u32(y)) * ${g.x.size}u;
    for (var ox = 0; ox < ${g.x.out}; ox++) {
      let x = ox * ${g.x.stride} - ${g.x.padding} + kx * ${g.x.dilation};
      if (x < 0 || x >= ${g.x.size}) { continue; }
      total += ${load(0)}((image + u32(x)) * ${g.channels}u + channel) *
        ${load(1)}((line * ${g.x.out}u + u32(ox)) * ${g.outChannels}u + o);
    }
  }
  ${store()}(i, total);`,
        ),
        loads,
        writes: { scratch: 0, width: 1 },
      },
      sumParts(parts, outputs),
    ],
  };
}
