/**
 * Which kernel computes a convolution: the one place in which that is decided, by its geometry alone.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import type { Features } from "../../features.ts";
import { type Algorithm, F2, F4 } from "./winograd/algorithm.ts";

/**
 * The most that F(4×4) may make of F(2×2)'s products: where blocks of 4 overhang the image, the smaller ones
 * are as fast, and they round ten times less.
 */
const SHARE = 0.9;

/** The algorithm of a convolution: products of windows as they are, or one of Winograd's. */
export type ConvAlgorithm = "direct" | Algorithm;

/**
 * The algorithm for a convolution or a gradient of it. Measured, the one with fewest products is the fastest
 * for every size of image, and both of Winograd's beat direct convolution from 8 channels on
 * (`deno task bench --only winograd`).
 */
export function chooseAlgorithm({ winograd }: Features, g: ConvGeometry): ConvAlgorithm {
  if (winograd === "off" || !suitsWinograd(g)) return "direct";
  if (winograd === "F2") return F2;
  if (winograd === "F4") return F4;
  return productsIn(g, F4) < SHARE * productsIn(g, F2) ? F4 : F2;
}

/** Whether Winograd's kernels are written for a geometry. */
const suitsWinograd = (g: ConvGeometry) =>
  isPlainOfThree(g.y) && isPlainOfThree(g.x) && g.groups === 1 && g.channels % 8 === 0 &&
  g.outChannels % 8 === 0;

const isPlainOfThree = ({ kernel, stride, spacing, dilation }: WindowAxis) =>
  kernel === 3 && stride === 1 && spacing === 1 && dilation === 1;

/** Products of a channel of an image with a channel of a result. */
const productsIn = ({ y, x }: ConvGeometry, { tile, size }: Algorithm) =>
  Math.ceil(y.out / tile) * Math.ceil(x.out / tile) * size * size;
