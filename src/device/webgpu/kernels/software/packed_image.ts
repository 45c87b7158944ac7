/**
 * Images packed for weight gradients on software adapters: a texel has four pixels of one channel.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { windowAxis } from "../../../../ops/window_axis.ts";
import { load, store } from "../accessors.ts";
import { perElement } from "../entry_points.ts";
import type { Dispatch } from "../kernel.ts";

/** Packs the image into scratch 1 so that four neighboring pixels of one channel are contiguous. */
export function packPixels(g: ConvGeometry, texels: number, columns: number): Dispatch {
  const pixels = [0, 1, 2, 3].map((e) => {
    const x = g.x.size % 4 === 0 ? `x + ${e}u` : `min(x + ${e}u, ${g.x.size - 1}u)`;
    return `${load(0)}((line * ${g.x.size}u + ${x}) * ${g.channels}u + channel)`;
  });
  return pack(g, g.channels, { texels, columns }, `  let x = texel * 4u;`, pixels);
}

/**
 * The geometry in which each column of a kernel is a channel of its own, of an image in which each window
 * is a pixel. The weight is the same in memory.
 */
export const columnsAsChannels = (g: ConvGeometry): ConvGeometry => ({
  ...g,
  channels: g.channels * g.x.kernel,
  groupIn: g.groupIn * g.x.kernel,
  x: windowAxis(g.x.out, { kernel: 1 }),
});

/** Packs the image of {@linkcode columnsAsChannels} into scratch 1, likewise, with zeros outside. */
export function packColumns(g: ConvGeometry, texels: number, columns: number): Dispatch {
  const { size, out, stride, dilation, padding, kernel } = g.x, own = kernel * g.groupIn;
  const pixels = [0, 1, 2, 3].map((e) => {
    const x = `(first + ${e * stride})`, inside = `${x} >= 0 && ${x} < ${size}`;
    const within = out % 4 === 0 ? inside : `${inside} && texel * 4u + ${e}u < ${out}u`;
    const at = `(line * ${size}u + u32(clamp(${x}, 0, ${
      size - 1
    }))) * ${g.channels}u + from_channel`;
    return `select(0.0, ${load(0)}(${at}), ${within})`;
  });
  const setup = `  let part = channel / ${own}u;
  let column = (channel - part * ${own}u) / ${g.groupIn}u;
  let from_channel = part * ${g.groupIn}u + channel - part * ${own}u - column * ${g.groupIn}u;
  let first = i32(texel * ${4 * stride}u + column * ${dilation}u) - ${padding};`;
  return pack(g, g.channels * kernel, { texels, columns }, setup, pixels);
}

/** The most windows of a line of {@linkcode tapsAsChannels}. */
const LINE = 128;

/**
 * The geometry in which each tap of a kernel is a channel of its own, of an image in which each window is a
 * pixel, in lines of any length that divides their number. The weight is the same in memory.
 */
export function tapsAsChannels(g: ConvGeometry): ConvGeometry {
  const windows = g.batch * g.y.out * g.x.out, taps = g.y.kernel * g.x.kernel;
  let line = Math.min(LINE, windows);
  while (windows % line !== 0) line--;
  return {
    ...g,
    batch: 1,
    channels: g.channels * taps,
    groupIn: g.groupIn * taps,
    y: windowAxis(windows / line, { kernel: 1 }),
    x: windowAxis(line, { kernel: 1 }),
  };
}

/** Packs the image of {@linkcode tapsAsChannels} into scratch 1, likewise, with zeros outside. */
export function packTaps(g: ConvGeometry, texels: number, columns: number): Dispatch {
  const { y, x, groupIn, channels } = g, taps = y.kernel * x.kernel, own = taps * groupIn;
  const packed = tapsAsChannels(g), names = [0, 1, 2, 3].map((e) => `v${e}`);
  const setup = `  let part = channel / ${own}u;
  let tap = (channel - part * ${own}u) / ${groupIn}u;
  let from_channel = part * ${groupIn}u + channel - part * ${own}u - tap * ${groupIn}u;
  let down = i32(tap / ${x.kernel}u * ${y.dilation}u) - ${y.padding};
  let right = i32(tap % ${x.kernel}u * ${x.dilation}u) - ${x.padding};
${
    names.map((v, e) =>
      `  var ${v} = 0.0;
  {
    let window = min(texel * 4u + ${e}u, ${packed.x.size - 1}u) + line * ${packed.x.size}u;
    let row = window / ${x.out}u;
    let n = row / ${y.out}u;
    let at_y = i32(row - n * ${y.out}u) * ${y.stride} + down;
    let at_x = i32(window - row * ${x.out}u) * ${x.stride} + right;
    if (at_y >= 0 && at_y < ${y.size} && at_x >= 0 && at_x < ${x.size}) {
      ${v} = ${
        load(0)
      }(((n * ${y.size}u + u32(at_y)) * ${x.size}u + u32(at_x)) * ${channels}u + from_channel);
    }
  }`
    ).join("\n")
  }`;
  return pack(packed, packed.channels, { texels, columns }, setup, names);
}

/** Stores four pixels of a channel in a texel, in each thread. */
function pack(
  g: ConvGeometry,
  channels: number,
  { texels, columns }: { readonly texels: number; readonly columns: number },
  setup: string,
  pixels: readonly string[],
): Dispatch {
  return {
    ...perElement(
      g.batch * g.y.size * texels * channels,
      `  let group = i / ${channels}u;
  let channel = i - group * ${channels}u;
  let line = group / ${texels}u;
  let texel = group - line * ${texels}u;
${setup}
  ${store(4)}(line * ${columns}u + channel * ${texels}u + texel, vec4<f32>(${pixels.join(", ")}));`,
    ),
    loads: [{ argument: 0, width: 1 }],
    writes: { scratch: 1, width: 4 },
  };
}
