/**
 * Convolution by Winograd's algorithms: weights and image blocks are transformed, multiplied, and
 * transformed back, for some blocks and some columns at a time.
 *
 * Either all weights are transformed first, and then each range of blocks is transformed and multiplied by
 * them; or, where weights are many and blocks are few, all blocks first, and then each block of columns. The
 * one that is transformed second stays in a thread's own cache.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import {
  coordinates,
  type KernelContext,
  LOCAL,
  type Lowered,
  type Pass,
  pass,
} from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, countBlockProducts } from "./algorithm.ts";
import { type BlockRange, blockRange, type Blocks, setRange, splitIntoBlocks } from "./blocks.ts";
import { type ColumnBlocks, splitColumns } from "./column_blocks.ts";
import { type ImageDomain, imageDomain } from "./image_domain.ts";
import { type Results, results } from "./results.ts";
import { transformWeights, type WeightDomain, weightDomain } from "./weights.ts";

/** The target size of a range's transformed blocks in bytes, so that they stay in the L2 cache. */
const RANGE_BYTES = 512 * 1024;
/** The target numbers of blocks per range: rows of a product, which stay in the L1 cache. */
const MOST_BLOCKS = 32, FEWEST_BLOCKS = 8;
/** The channels of weights that a unit transforms. */
const WEIGHT_CHANNELS = 8;
/** Blocks of columns, where they are shared out among threads. */
const SHARED_COLUMNS = 8;
/** Weights of fewer bytes stay in the caches, whatever the order. */
const MANY_WEIGHTS = 1 << 20;
/** The most bytes of a batch's transformed blocks. */
const MAX_IMAGE_BYTES = 64 << 20;

/** Lowers a convolution with stride 1. */
export function convolveByWinograd(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
  strides: WeightStrides,
): Lowered {
  const { blocks, columns, weightsFirst } = split(g, algorithm);
  const image = imageDomain(context, g, blocks);
  const weights = weightDomain(algorithm, g.groupIn, columns);
  const lower = weightsFirst ? byBlocks : byColumns;
  return lower({ context, g, algorithm, strides, blocks, columns, image, weights });
}

/** The parts of a convolution. */
interface Convolution {
  readonly context: KernelContext;
  readonly g: ConvGeometry;
  readonly algorithm: Algorithm;
  readonly strides: WeightStrides;
  readonly blocks: Blocks;
  readonly columns: ColumnBlocks;
  readonly image: ImageDomain;
  readonly weights: WeightDomain;
}

/** Splits a convolution, and chooses the order with the fewest bytes read and written beyond the L2 cache. */
function split(g: ConvGeometry, algorithm: Algorithm) {
  const products = countBlockProducts(algorithm);
  const fit = Math.floor(RANGE_BYTES / (4 * products * g.channels));
  const aim = Math.max(FEWEST_BLOCKS, Math.min(MOST_BLOCKS, fit));
  const blocks = splitIntoBlocks(g, algorithm, aim);
  const shared = splitColumns(g.groupOut, Math.ceil(SHARED_COLUMNS / g.groups));
  const weightBytes = 4 * products * g.groupIn * g.outChannels;
  const imageBytes = 4 * products * g.channels * blocks.total;
  const weightsFirst = weightBytes < MANY_WEIGHTS || imageBytes > MAX_IMAGE_BYTES ||
    weightBytes * (1 + blocks.ranges) < imageBytes * (1 + shared.count);
  const columns = weightsFirst ? splitColumns(g.groupOut) : shared;
  return { blocks, columns, weightsFirst };
}

/** All weights first, then blocks, one range per unit. */
function byBlocks(c: Convolution): Lowered {
  const { context, g, blocks, columns, image, weights } = c;
  const slot = context.scratch(g.groups * columns.count * weights.bytes / 4);
  const write = results(context, g, c, image.scratch + image.bytes);
  context.reserve(image.scratch + image.bytes + write.bytes);
  const convolve = pass(blocks.ranges, (f, unit) => {
    const range = blockRange(f), [at, right, group, block] = f.locals("i32", 4);
    setRange(f, blocks, unit, range);
    f.get(LOCAL).plus(image.scratch).set(at);
    image.write(f, range, at);
    f.get(f.base(slot)).set(right);
    f.count(group, g.groups, () => {
      f.count(block, columns.count, () => {
        write.write(f, range, { image: at, weights: right, group, block });
        f.advance(right, weights.bytes);
      });
    });
    finishRange(f, c, range);
  });
  return { passes: [transformAllWeights(c, slot), convolve] };
}

/** Transforms some channels of a block of columns per unit. */
function transformAllWeights(
  { context, g, algorithm, strides, columns, weights }: Convolution,
  slot: number,
): Pass {
  const parts = Math.ceil(g.groupIn / WEIGHT_CHANNELS);
  return pass(g.groups * columns.count * parts, (f, unit) => {
    const [group, block, part] = coordinates(f, unit, [g.groups, columns.count, parts]);
    const [channel, end, to] = f.locals("i32", 3);
    f.get(part).times(WEIGHT_CHANNELS).tee(channel).plus(WEIGHT_CHANNELS).set(end);
    f.atMost(end, g.groupIn);
    f.get(group).times(columns.count).get(block).op("i32.add").times(weights.bytes);
    f.get(channel).times(weights.step).op("i32.add").get(f.base(slot)).op("i32.add").set(to);
    const range = { group, block, channel, end };
    transformWeights(f, context, algorithm, strides, columns, weights, range, to);
  });
}

/** All blocks first, then weights, one block of columns per unit. */
function byColumns(c: Convolution): Lowered {
  const { context, g, algorithm, strides, blocks, columns, image, weights } = c;
  const slot = context.scratch(blocks.ranges * image.bytes / 4);
  const write: Results = results(context, g, c, weights.bytes);
  context.reserve(Math.max(image.scratch, weights.bytes + write.bytes));
  const transform = pass(blocks.ranges, (f, unit) => {
    const range = blockRange(f), to = f.local("i32");
    setRange(f, blocks, unit, range);
    f.get(f.base(slot), unit).times(image.bytes).op("i32.add").set(to);
    image.write(f, range, to);
  });
  const convolve = pass(g.groups * columns.count, (f, unit) => {
    const [group, block] = coordinates(f, unit, [g.groups, columns.count]);
    const [channel, end, to, right, at, index] = f.locals("i32", 6), range = blockRange(f);
    f.get(LOCAL).tee(to).set(right).i32(0).set(channel).i32(g.groupIn).set(end);
    const all = { group, block, channel, end };
    transformWeights(f, context, algorithm, strides, columns, weights, all, to);
    f.get(f.base(slot)).set(at);
    f.count(index, blocks.ranges, () => {
      setRange(f, blocks, index, range);
      write.write(f, range, { image: at, weights: right, group, block });
      f.advance(at, image.bytes);
    });
  });
  return { passes: [transform, convolve], unfinished: true };
}

/** Applies the epilogue to a range's results, which are contiguous: whole images, or rows of one. */
function finishRange(
  f: Func,
  { context, g, algorithm: { y } }: Convolution,
  { image, end, first, rows }: BlockRange,
) {
  const [start, last] = f.locals("i32", 2), row = g.x.out * g.outChannels;
  const push = (n: Local, minus: number, line: Local) =>
    f.get(n).plus(-minus).times(g.y.out).get(line).op("i32.add").times(row);
  f.get(first).times(y.tile).set(start);
  push(image, 0, start).set(start);
  f.get(first, rows).op("i32.add").times(y.tile).set(last).atMost(last, g.y.out);
  push(end, 1, last).set(last);
  context.finish(f, () => f.get(start), () => f.get(last), row % 4 === 0);
}
