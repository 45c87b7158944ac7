/**
 * Chooses the algorithm of a convolution by its geometry: direct, or one of Winograd's.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Features } from "../../features.ts";
import { type Algorithm, countBlockProducts, F2, F2x5, F4 } from "./winograd/algorithm.ts";

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
  const [smallest, largest] = winogradAlgorithms(g);
  if (winograd === "off" || !smallest || !largest) return "direct";
  if (winograd === "F2") return smallest;
  if (winograd === "F4") return largest;
  if (Math.min(g.groupIn, g.groupOut) < FEWEST_CHANNELS) return "direct";
  const small = countChannelProducts(g, smallest), large = countChannelProducts(g, largest);
  return large < MAX_FRACTION * small ? largest : smallest;
}

/** Winograd's algorithms for a geometry, those of smaller blocks first; none if it has no such algorithm. */
function winogradAlgorithms({ y, x }: ConvGeometry): readonly Algorithm[] {
  const isPlain = [y, x].every((a) => a.stride === 1 && a.dilation === 1 && a.spacing === 1);
  if (!isPlain || y.kernel !== x.kernel) return [];
  return y.kernel === 3 ? [F2, F4] : y.kernel === 5 ? [F2x5, F2x5] : [];
}

/** The number of products for one image channel and one result channel. */
const countChannelProducts = ({ y, x }: ConvGeometry, a: Algorithm) =>
  Math.ceil(y.out / a.y.tile) * Math.ceil(x.out / a.x.tile) * countBlockProducts(a);
