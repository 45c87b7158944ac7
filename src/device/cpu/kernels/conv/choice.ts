/**
 * Chooses the algorithm of a convolution by its geometry: direct, or one of Winograd's.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import type { Features } from "../../features.ts";
import { type ConvTask, countDomainProducts, directCost, winogradCost } from "./cost.ts";
import { type Algorithm, F2, F2x5, F4 } from "./winograd/algorithm.ts";

/**
 * F(4×4) is used if it has at most this fraction of F(2×2)'s products: where its blocks overhang the image
 * much, F(2×2) is as fast, with ten times smaller rounding errors.
 */
const MAX_FRACTION = 0.9;

/** Winograd's algorithms are used if they take less than this fraction of the time, as they round more. */
const MAX_COST = 0.95;

/** The algorithm of a convolution: direct, or one of Winograd's. */
export type ConvAlgorithm = "direct" | Algorithm;

/** The algorithm for a convolution, one that is the gradient of an image, or the gradient of weights. */
export function chooseAlgorithm(
  { winograd }: Features,
  g: ConvGeometry,
  task: ConvTask = "convolution",
): ConvAlgorithm {
  const [smallest, largest] = winogradAlgorithms(g);
  if (winograd === "off" || !smallest || !largest) return "direct";
  if (winograd === "F2") return smallest;
  if (winograd === "F4") return largest;
  const small = countDomainProducts(g, smallest), large = countDomainProducts(g, largest);
  const best = large < MAX_FRACTION * small ? largest : smallest;
  return winogradCost(g, best, task) < MAX_COST * directCost(g) ? best : "direct";
}

/** Winograd's algorithms for a geometry, those of smaller blocks first; none if it has no such algorithm. */
function winogradAlgorithms({ y, x }: ConvGeometry): readonly Algorithm[] {
  const isPlain = [y, x].every((a) => a.stride === 1 && a.dilation === 1 && a.spacing === 1);
  if (!isPlain || y.kernel !== x.kernel) return [];
  return y.kernel === 3 ? [F2, F4] : y.kernel === 5 ? [F2x5, F2x5] : [];
}
