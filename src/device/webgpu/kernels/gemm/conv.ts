/**
 * conv2d and its gradients as matrix products (implicit GEMM).
 *
 * @module
 */
import {
  type ConvGeometry,
  countTaps,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { windows } from "./image.ts";
import { lowerProduct } from "./lower.ts";
import { matrix } from "./matrix.ts";
import type { GemmOperand } from "./operand.ts";

/** The sizes that the choice of a convolution's tile may depend on. */
const productName = (op: string, g: ConvGeometry): string =>
  `${op} ${g.batch}×${g.y.size}×${g.x.size}×${g.channels} ${g.y.kernel}×${g.x.kernel}×${g.groupIn}×${g.outChannels} stride ${g.y.stride} padding ${g.y.padding}`;

/** conv2d with one group: windows × weight. */
export function convProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const depth = countTaps(g) * g.channels, [vectorized, vectorizedWeight] = context.vectorized;
  const weight = matrix(1, "edge", vectorizedWeight, { batch: 1, edge: g.outChannels, depth });
  return lowerProduct(context, {
    sizes: { batch: 1, rows: g.batch * g.y.out * g.x.out, columns: g.outChannels, depth },
    name: productName("conv2d", g),
    operands: (tileDepth) => [windows("depth", vectorized, g, tileDepth), weight],
  });
}

/** conv2dInputGradient with one group: windows of the output cotangent × the weight rotated by 180°. */
export function inputGradientProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const [vectorized, vectorizedWeight] = context.vectorized;
  return lowerProduct(context, {
    sizes: {
      batch: 1,
      rows: g.batch * g.y.size * g.x.size,
      columns: g.channels,
      depth: countTaps(g) * g.outChannels,
    },
    name: productName("conv2dInputGradient", g),
    operands: (tileDepth) => [
      windows("depth", vectorized, inputGradientGeometry(g), tileDepth),
      flippedWeight(g, vectorizedWeight, tileDepth),
    ],
  });
}

/** The weight [taps, in, out] as the matrix [taps in reverse order · out, in]. */
function flippedWeight(g: ConvGeometry, vectorized: boolean, tileDepth: number): GemmOperand {
  const together = g.outChannels % tileDepth === 0, size = g.channels * g.outChannels;
  const tap = (name: string, index: string) => [
    `let ${name}_index = ${index};`,
    `let ${name}_tap = ${name}_index / ${g.outChannels}u;`,
    `let ${name}_from = (${
      countTaps(g) - 1
    }u - ${name}_tap) * ${size}u + ${name}_index - ${name}_tap * ${g.outChannels}u;`,
  ];
  return {
    argument: 1,
    along: "depth",
    width: vectorized && g.outChannels % 4 === 0 ? 4 : 1,
    setup: (name, edge, depth) => [
      `let ${name}_at = (${edge}) * ${g.outChannels}u${together ? ` + ${depth}` : ""};`,
    ],
    ...(together && { shared: tap }),
    address: (name, tile, depth0, depth) => {
      const from = together ? tile : `${name}_k`;
      return {
        lines: together ? [] : tap(from, `${depth0} + ${depth}`),
        when: [],
        at: `(${name}_at + ${from}_from)`,
      };
    },
  };
}

/** conv2dWeightGradient with one group: transposed windows × the output cotangent. */
export function weightGradientProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const depth = g.batch * g.y.out * g.x.out, [vectorized, vectorizedCotangent] = context.vectorized;
  const cotangent = matrix(1, "edge", vectorizedCotangent, {
    batch: 1,
    edge: g.outChannels,
    depth,
  });
  return lowerProduct(context, {
    sizes: { batch: 1, rows: countTaps(g) * g.channels, columns: g.outChannels, depth },
    name: productName("conv2dWeightGradient", g),
    operands: (tileDepth) => [windows("edge", vectorized, g, tileDepth), cotangent],
  });
}
