/**
 * Convolution and its gradients as products of matrices.
 *
 * @module
 */
import type { ConvSizes } from "../../../../ops/conv.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { type Windows, windows } from "./image.ts";
import { lowerProduct } from "./lower.ts";
import { matrix } from "./matrix.ts";
import type { Operand } from "./operand.ts";

/** The windows of a convolution. */
const windowsOf = (s: ConvSizes): Windows => ({
  ...s,
  paddingY: s.padding,
  paddingX: s.padding,
  spacing: 1,
});

/** The sizes that a convolution's tile may depend on. */
const nameOf = (op: string, s: ConvSizes): string =>
  `${op} ${s.batch}×${s.height}×${s.width}×${s.channels} ${s.kernelHeight}×${s.kernelWidth}×${s.groupIn}×${s.outChannels} stride ${s.stride} padding ${s.padding}`;

const tapsOf = (s: ConvSizes) => s.kernelHeight * s.kernelWidth;

/** conv2d in one group: windows × weight. */
export function convProduct(context: KernelContext, s: ConvSizes): Lowered {
  const depth = tapsOf(s) * s.channels, [wide, wideWeight] = context.wide;
  const weight = matrix(1, "edge", wideWeight, { batch: 1, edge: s.outChannels, depth });
  return lowerProduct(context, {
    sizes: { batch: 1, rows: s.batch * s.outHeight * s.outWidth, columns: s.outChannels, depth },
    name: nameOf("conv2d", s),
    operands: (tileDepth) => [windows("depth", wide, windowsOf(s), tileDepth), weight],
  });
}

/** conv2dInputGradient in one group: windows of the output's cotangent × the weight turned by half a turn. */
export function inputGradientProduct(context: KernelContext, s: ConvSizes): Lowered {
  const [wide, wideWeight] = context.wide;
  const cotangent: Windows = {
    height: s.outHeight,
    width: s.outWidth,
    channels: s.outChannels,
    outHeight: s.height,
    outWidth: s.width,
    kernelHeight: s.kernelHeight,
    kernelWidth: s.kernelWidth,
    stride: 1,
    paddingY: s.kernelHeight - 1 - s.padding,
    paddingX: s.kernelWidth - 1 - s.padding,
    spacing: s.stride,
  };
  return lowerProduct(context, {
    sizes: {
      batch: 1,
      rows: s.batch * s.height * s.width,
      columns: s.channels,
      depth: tapsOf(s) * s.outChannels,
    },
    name: nameOf("conv2dInputGradient", s),
    operands: (tileDepth) => [
      windows("depth", wide, cotangent, tileDepth),
      turnedWeight(s, wideWeight, tileDepth),
    ],
  });
}

/** The weight [taps, in, out] as [taps from the last on · out, in]. */
function turnedWeight(s: ConvSizes, wide: boolean, tileDepth: number): Operand {
  const together = s.outChannels % tileDepth === 0, size = s.channels * s.outChannels;
  const tap = (name: string, index: string) => [
    `let ${name}_index = ${index};`,
    `let ${name}_tap = ${name}_index / ${s.outChannels}u;`,
    `let ${name}_from = (${
      tapsOf(s) - 1
    }u - ${name}_tap) * ${size}u + ${name}_index - ${name}_tap * ${s.outChannels}u;`,
  ];
  return {
    argument: 1,
    along: "depth",
    width: wide && s.outChannels % 4 === 0 ? 4 : 1,
    setup: (name, edge, depth) => [
      `let ${name}_at = (${edge}) * ${s.outChannels}u${together ? ` + ${depth}` : ""};`,
    ],
    ...(together && { shared: tap }),
    place: (name, tile, depth0, depth) => {
      const from = together ? tile : `${name}_k`;
      return {
        lines: together ? [] : tap(from, `${depth0} + ${depth}`),
        when: [],
        at: `(${name}_at + ${from}_from)`,
      };
    },
  };
}

/** conv2dWeightGradient in one group: windows, exchanged, × the output's cotangent. */
export function weightGradientProduct(context: KernelContext, s: ConvSizes): Lowered {
  const depth = s.batch * s.outHeight * s.outWidth, [wide, wideCotangent] = context.wide;
  const cotangent = matrix(1, "edge", wideCotangent, { batch: 1, edge: s.outChannels, depth });
  return lowerProduct(context, {
    sizes: { batch: 1, rows: tapsOf(s) * s.channels, columns: s.outChannels, depth },
    name: nameOf("conv2dWeightGradient", s),
    operands: (tileDepth) => [windows("edge", wide, windowsOf(s), tileDepth), cotangent],
  });
}
