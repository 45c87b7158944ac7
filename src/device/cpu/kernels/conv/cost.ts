/**
 * Estimates of what convolutions cost by each algorithm, from counted work and measured rates.
 *
 * The rates are those of native code, in nanoseconds of one thread of a processor with AVX-512, so that
 * results do not depend on whether there is native code. WebAssembly multiplies a quarter as fast and
 * transforms half as fast, so that Winograd's algorithms win there too wherever they win here.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../ops/conv_geometry.ts";
import { type Algorithm, countBlockProducts } from "./winograd/algorithm.ts";

/** What is computed: a convolution, or the gradient of its weights. */
export type ConvTask = "convolution" | "weightGradient";

/** A multiplication by direct convolution, whose rows are long, and in Winograd's domain. */
const DIRECT_PRODUCT = 0.0087, DOMAIN_PRODUCT = 0.0095;
/** An element of an image or a result, and of one of their transformed blocks. */
const PIXEL_ELEMENT = 0.05, BLOCK_ELEMENT = 0.11;
/** An element of transformed weights; of sums of gradients, which are cleared and added up. */
const WEIGHT_ELEMENT = 0.25, SUM_ELEMENT = 0.5;
/** The start of a tile of a product, of so many rows and columns. */
const TILE = 14, TILE_ROWS = 12, TILE_COLUMNS = 32;
/** Columns are multiplied in vectors of so many; one vector alone is slower by this factor. */
const LANES = 16, ONE_VECTOR = 1.2;

/** Columns with those that fill a last vector, by what they cost. */
const padded = (columns: number) =>
  columns <= LANES ? ONE_VECTOR * LANES : LANES * Math.ceil(columns / LANES);

/** The cost of direct convolution. */
export function directCost(g: ConvGeometry): number {
  const pixels = g.batch * g.y.out * g.x.out, inputs = g.batch * g.y.size * g.x.size;
  return DIRECT_PRODUCT * pixels * countTaps(g) * g.channels * padded(g.groupOut) +
    PIXEL_ELEMENT * (inputs * g.channels + pixels * g.outChannels);
}

/** The number of blocks that cover the results of a batch. */
const countBlocks = ({ batch, y, x }: ConvGeometry, algorithm: Algorithm) =>
  batch * Math.ceil(y.out / algorithm.y.tile) * Math.ceil(x.out / algorithm.x.tile);

/** The number of multiplications for one channel of an image and one of the result. */
export const countDomainProducts = (g: ConvGeometry, algorithm: Algorithm): number =>
  countBlocks(g, algorithm) * countBlockProducts(algorithm);

/** The cost of one of Winograd's algorithms. */
export function winogradCost(g: ConvGeometry, algorithm: Algorithm, task: ConvTask): number {
  const products = countDomainProducts(g, algorithm), { groups, groupIn, groupOut } = g;
  const weights = countBlockProducts(algorithm) * groups * groupIn * groupOut;
  const isGradient = task === "weightGradient", rows = isGradient ? groupIn : TILE_ROWS;
  const tiles = countBlockProducts(algorithm) * groups * Math.ceil(groupOut / TILE_COLUMNS) *
    Math.ceil((isGradient ? groupIn : countBlocks(g, algorithm)) / TILE_ROWS);
  const multiplied = products * g.channels * padded(groupOut) * Math.max(1, TILE_ROWS / rows);
  return DOMAIN_PRODUCT * multiplied + BLOCK_ELEMENT * products * (g.channels + g.outChannels) +
    (isGradient ? SUM_ELEMENT : WEIGHT_ELEMENT) * weights + TILE * tiles;
}
