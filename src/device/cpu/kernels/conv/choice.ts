/**
 * Chooses the algorithm of a convolution by its geometry: direct, or one of Winograd's.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { WindowAxis } from "../../../../ops/window_axis.ts";
import type { Features } from "../../features.ts";
import { type Algorithm, countBlockProducts, F2, F4 } from "./winograd/algorithm.ts";

/**
 * F(4×4) is used if it has at most this fraction of F(2×2)'s products: where its blocks overhang the image
 * much, F(2×2) is as fast, with ten times smaller rounding errors.
 */
const MAX_FRACTION = 0.9;

/** The fewest channels of a group for which transforms cost less than the products that they save. */
const FEWEST_CHANNELS = 8;

/** The algorithm of a convolution: direct, or one of Winograd's. */
export type ConvAlgorithm = "direct" | Algorithm;

/**
 * The algorithm for a convolution or a gradient of it. In measurements the one with the fewest products is
 * the fastest for every image size, and both of Winograd's are faster than direct convolution from 8
 * channels on (`deno task bench --only winograd`).
 */
export function chooseAlgorithm({ winograd }: Features, g: ConvGeometry): ConvAlgorithm {
  if (winograd === "off" || !suitsWinograd(g)) return "direct";
  if (winograd === "F2") return F2;
  if (winograd === "F4") return F4;
  if (Math.min(g.groupIn, g.groupOut) < FEWEST_CHANNELS) return "direct";
  return countChannelProducts(g, F4) < MAX_FRACTION * countChannelProducts(g, F2) ? F4 : F2;
}

/** Whether Winograd's kernels support a geometry. */
const suitsWinograd = (g: ConvGeometry) => isPlain3(g.y) && isPlain3(g.x);

const isPlain3 = ({ kernel, stride, spacing, dilation }: WindowAxis) =>
  kernel === 3 && stride === 1 && spacing === 1 && dilation === 1;

/** The number of products for one image channel and one result channel. */
const countChannelProducts = ({ y, x }: ConvGeometry, a: Algorithm) =>
  Math.ceil(y.out / a.y.tile) * Math.ceil(x.out / a.x.tile) * countBlockProducts(a);
