/**
 * Convolution by Winograd's algorithms: weights and image blocks are transformed, multiplied, and
 * transformed back, for some blocks and some columns at a time.
 *
 * Either all weights are transformed first, and each range of blocks is then transformed and multiplied in a
 * thread's own cache; or, where weights are many, all blocks first, and then each block of columns, some
 * channels at a time.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { KernelContext, Lowered } from "../../../kernel.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, countBlockProducts } from "./algorithm.ts";
import { splitIntoBlocks } from "./blocks.ts";
import { convolveBlocks } from "./by_blocks.ts";
import { convolveColumns } from "./by_columns.ts";

/** The target size of a range's transformed blocks in bytes, so that they stay in the L2 cache. */
const RANGE_BYTES = 512 * 1024;
/** The target numbers of blocks per range: rows of a product, which stay in the L1 cache. */
const MOST_BLOCKS = 32, FEWEST_BLOCKS = 16;
/** The most bytes of transformed weights that ranges of blocks share: they stay in the L3 cache. */
const MOST_WEIGHTS = 8 << 20;
/** The most bytes of a batch's transformed blocks. */
const MOST_IMAGES = 256 << 20;
/** Fewer blocks than these share no more than so many bytes of weights. */
const FEW_BLOCKS = 128, FEW_WEIGHTS = 1 << 20;

/** Lowers a convolution with stride 1. */
export function convolveByWinograd(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
  strides: WeightStrides,
): Lowered {
  const products = countBlockProducts(algorithm);
  const fit = Math.floor(RANGE_BYTES / (4 * products * g.channels));
  const aim = Math.max(FEWEST_BLOCKS, Math.min(MOST_BLOCKS, fit));
  const blocks = splitIntoBlocks(g, algorithm, aim);
  const weightBytes = 4 * products * g.groupIn * g.outChannels;
  const most = blocks.total <= FEW_BLOCKS ? FEW_WEIGHTS : MOST_WEIGHTS;
  const imageBytes = 4 * products * g.channels * blocks.total;
  const isByBlocks = weightBytes <= most || imageBytes > MOST_IMAGES;
  const convolve = isByBlocks ? convolveBlocks : convolveColumns;
  return convolve({ context, g, algorithm, strides, blocks });
}
