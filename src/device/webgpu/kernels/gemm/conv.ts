/**
 * conv2d and its gradients as matrix products (implicit GEMM); groups are the matrices of a batch.
 *
 * @module
 */
import {
  type ConvGeometry,
  countTaps,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import { type WindowPhase, windowPhases } from "../../../../ops/window_phase.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import { windows } from "./image.ts";
import { lowerProduct, lowerProducts } from "./lower.ts";
import type { GemmOperand, Product, ResultLayout } from "./operand.ts";

/** The sizes that the choice of a convolution's tile may depend on. */
const productName = (op: string, g: ConvGeometry): string => {
  const both = (f: (axis: ConvGeometry["y"]) => number) =>
    f(g.y) === f(g.x) ? `${f(g.y)}` : `${f(g.y)}×${f(g.x)}`;
  const sizes = `${g.batch}×${g.y.size}×${g.x.size}×${g.channels}`;
  const weight = `${g.y.kernel}×${g.x.kernel}×${g.groupIn}×${g.outChannels}`;
  const steps = `stride ${both((a) => a.stride)} padding ${both((a) => a.padding)}`;
  const dilation = g.y.dilation * g.x.dilation > 1 ? ` dilation ${both((a) => a.dilation)}` : "";
  return `${op} ${sizes} ${weight} ${steps}${dilation}`;
};

/** Groups' columns beside each other; undefined where there is one group. */
const besideEachOther = ({ groups }: ConvGeometry, columns: number): Pick<Product, "result"> =>
  groups === 1 ? {} : { result: { stride: groups * columns } };

/** An argument [depth, groups, columns] as a matrix [depth, columns] for each group. */
function groupColumns(
  { groups, groupOut, outChannels }: ConvGeometry,
  vectorized: boolean,
): GemmOperand {
  const group = groups === 1 ? "" : `batch * ${groupOut}u + `;
  return {
    argument: 1,
    along: "edge",
    width: vectorized && groupOut % 4 === 0 ? 4 : 1,
    setup: (name, at, k) => [`let ${name}_at = ${group}(${k}) * ${outChannels}u + ${at};`],
    address: (name, _tile, depth0) => ({
      lines: [],
      when: [],
      at: `(${name}_at + ${depth0} * ${outChannels}u)`,
    }),
  };
}

/** conv2d: windows × weight. */
export function convProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const depth = countTaps(g) * g.groupIn, [vectorized, vectorizedWeight] = context.vectorized;
  const weight = groupColumns(g, vectorizedWeight);
  return lowerProduct(context, {
    sizes: {
      batch: g.groups,
      rows: g.batch * g.y.out * g.x.out,
      columns: g.groupOut,
      depth,
    },
    ...besideEachOther(g, g.groupOut),
    name: productName("conv2d", g),
    operands: (tileDepth) => [windows("depth", vectorized, g, tileDepth), weight],
  });
}

/**
 * conv2dInputGradient: windows of the output cotangent × the weight rotated by 180°. Where the cotangent's
 * pixels are spaced apart, a product for each phase, of the taps that find pixels.
 */
export function inputGradientProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const [vectorized, vectorizedWeight] = context.vectorized, whole = inputGradientGeometry(g);
  const phases = windowPhases(whole.y).flatMap((y) => windowPhases(whole.x).map((x) => ({ y, x })));
  const products = phases.map(({ y, x }): Product => {
    const own: ConvGeometry = { ...whole, y: y.axis, x: x.axis };
    return {
      sizes: {
        batch: g.groups,
        rows: g.batch * own.y.out * own.x.out,
        columns: g.groupIn,
        depth: countTaps(own) * g.groupOut,
      },
      ...(phases.length > 1
        ? { result: scatteredRows(whole, y, x) }
        : besideEachOther(g, g.groupIn)),
      name: productName("conv2dInputGradient", g),
      operands: (tileDepth) => [
        windows("depth", vectorized, own, tileDepth),
        flippedWeight(g, { y, x }, vectorizedWeight, tileDepth),
      ],
    };
  });
  return lowerProducts(context, products.sort((a, b) => b.sizes.depth - a.sizes.depth));
}

/** The pixels of a phase in the whole result. */
function scatteredRows(whole: ConvGeometry, y: WindowPhase, x: WindowPhase): ResultLayout {
  const width = x.axis.out, size = y.axis.out * width, down = y.step * whole.x.out;
  // Rows of the product are of a line of windows, and lines of an image; differences may wrap around.
  const perLine = (down - width * x.step) >>> 0;
  const perImage = (whole.y.out * whole.x.out - y.axis.out * down) >>> 0;
  const first = y.first * whole.x.out + x.first;
  return {
    stride: whole.outChannels,
    row: (row) =>
      `(${first}u + ${row} * ${x.step}u + ${row} / ${width}u * ${perLine}u + ${row} / ${size}u * ${perImage}u)`,
  };
}

/**
 * The weight [taps, in, out] as the matrix [a phase's taps in reverse order · a group's out, in]; a column
 * is an input channel of the group.
 */
function flippedWeight(
  g: ConvGeometry,
  { y, x }: { readonly y: WindowPhase; readonly x: WindowPhase },
  vectorized: boolean,
  tileDepth: number,
): GemmOperand {
  const together = g.groupOut % tileDepth === 0, size = g.groupIn * g.outChannels;
  const last = countTaps(g) - 1 - y.tap * g.x.kernel - x.tap, across = x.axis.kernel;
  const group = g.groups === 1 ? "" : `batch * ${g.groupOut}u + `;
  const down = y.tapStep * g.x.kernel;
  const taken = (name: string) =>
    down === x.tapStep * across
      ? `${name}_tap * ${x.tapStep}u`
      : `${name}_tap / ${across}u * ${down}u - ${name}_tap % ${across}u * ${x.tapStep}u`;
  const tap = (name: string, index: string) => [
    `let ${name}_index = ${index};`,
    `let ${name}_tap = ${name}_index / ${g.groupOut}u;`,
    `let ${name}_from = (${last}u - ${
      taken(name)
    }) * ${size}u + ${name}_index - ${name}_tap * ${g.groupOut}u;`,
  ];
  return {
    argument: 1,
    along: "depth",
    width: vectorized && g.groupOut % 4 === 0 ? 4 : 1,
    setup: (name, edge, depth) => [
      `let ${name}_at = ${group}(${edge}) * ${g.outChannels}u${together ? ` + ${depth}` : ""};`,
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

/** conv2dWeightGradient: transposed windows × the output cotangent. */
export function weightGradientProduct(context: KernelContext, g: ConvGeometry): Lowered {
  const depth = g.batch * g.y.out * g.x.out, [vectorized, vectorizedCotangent] = context.vectorized;
  const cotangent = groupColumns(g, vectorizedCotangent);
  return lowerProduct(context, {
    sizes: {
      batch: g.groups,
      rows: countTaps(g) * g.groupIn,
      columns: g.groupOut,
      depth,
    },
    ...besideEachOther(g, g.groupOut),
    name: productName("conv2dWeightGradient", g),
    operands: (tileDepth) => [windows("edge", vectorized, g, tileDepth), cotangent],
  });
}
