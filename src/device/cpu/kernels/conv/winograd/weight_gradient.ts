/**
 * The gradient of weights by Winograd's algorithms: blocks of the image and of the output's cotangent are
 * transformed, multiplied and summed over all blocks, and the sums transformed back.
 *
 * If sums are small, the batch is split into parts, and each part's blocks are transformed and multiplied by
 * one thread in its own cache; if they are large, all blocks are transformed first, and threads divide up
 * the products.
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
  setShare,
} from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type Extent, multiply, panelColumns } from "../../product/mod.ts";
import { type Algorithm, countBlockProducts } from "./algorithm.ts";
import { type BlockReader, blockReader } from "./block_reader.ts";
import {
  type BlockRange,
  blockRange,
  type Blocks,
  eachImage,
  pushBlocksBefore,
  setRange,
  splitIntoBlocks,
} from "./blocks.ts";
import { type GradientSums, reserveSums, transformSums } from "./gradient_sums.ts";
import { transformBlocks } from "./block_transform.ts";
import {
  type BlockTransform,
  type Domain,
  domainOf,
  domainStrides,
  imageStrides,
} from "./transforms.ts";

/** The most parts of a batch. */
const MAX_PARTS = 8;
/** The target size of a range's transformed blocks in bytes, so that they stay in the L2 cache. */
const RANGE_BYTES = 1 << 20;
/** The target numbers of blocks per range. */
const MOST_BLOCKS = 64, FEWEST_BLOCKS = 16;
/** The most bytes of a whole batch's transformed blocks. */
const MAX_SHARED_BYTES = 64 << 20;

/** The division of the work, and the memory layout of transformed blocks. */
interface Layout {
  readonly blocks: Blocks;
  readonly products: number;
  /** Parts of the batch, each with its own sums; undefined if all blocks are transformed first. */
  readonly parts: number | undefined;
  /** The transformed blocks of the image and of the cotangent. */
  readonly left: Domain;
  readonly right: Domain;
}

/** Lowers the gradient of weights at stride 1. */
export function weightGradientByWinograd(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
): Lowered {
  const layout = layOut(g, algorithm);
  const sums = reserveSums(context, g, algorithm, layout.parts ?? 1);
  const transforms = blockTransforms(context, g, layout);
  const passes = layout.parts
    ? [sumByPart(context, g, layout, sums, transforms)]
    : sumByProduct(context, g, layout, sums, transforms);
  return { passes: [...passes, transformSums(context, g, algorithm, sums)] };
}

function layOut(g: ConvGeometry, algorithm: Algorithm): Layout {
  const products = countBlockProducts(algorithm);
  const blockBytes = 4 * products * (g.channels + g.outChannels);
  const aim = Math.min(MOST_BLOCKS, Math.floor(RANGE_BYTES / blockBytes));
  const blocks = splitIntoBlocks(g, algorithm, Math.max(FEWEST_BLOCKS, aim));
  const parts = Math.min(g.batch, MAX_PARTS);
  const sumBytes = 4 * parts * products * g.groupIn * g.outChannels;
  const isShared = blockBytes * blocks.total <= Math.min(MAX_SHARED_BYTES, 2 * sumBytes);
  const capacity = isShared ? blocks.total : blocks.capacity;
  return {
    blocks,
    products,
    parts: isShared ? undefined : parts,
    left: domainOf(capacity, g.channels),
    right: domainOf(capacity, g.outChannels),
  };
}

/** Transforms a range's blocks of the image and of the cotangent. */
interface BlockTransforms {
  /** Bytes of the thread's scratch memory that this needs. */
  readonly bytes: number;
  write(f: Func, range: BlockRange, left: Local, right: Local): void;
}

function blockTransforms(
  context: KernelContext,
  g: ConvGeometry,
  { blocks, left, right }: Layout,
): BlockTransforms {
  const { operands } = context, { algorithm } = blocks;
  const image = blockReader(context, g, blocks, operands[0], ({ size }) => size, 0);
  const results = resultsAsImages(g);
  const cotangent = blockReader(
    context,
    results,
    blocks,
    operands[1],
    ({ tile }) => tile,
    image.bytes,
  );
  const leftTransform: BlockTransform = {
    name: "input",
    blocks,
    channels: g.channels,
    from: imageStrides(algorithm, image),
    to: domainStrides(left, algorithm.x.size, blocks),
  };
  const rightTransform: BlockTransform = {
    name: "outputGradient",
    blocks,
    channels: g.outChannels,
    from: imageStrides(algorithm, cotangent),
    to: domainStrides(right, algorithm.x.size, blocks),
  };
  return {
    bytes: image.bytes + cotangent.bytes,
    write(f, range, leftAt, rightAt) {
      const [from, to] = f.locals("i32", 2), { first, rows } = range;
      const transform = (source: BlockReader, start: Local, transform: BlockTransform) => {
        f.get(start).set(to);
        eachImage(f, range, (image) => {
          source.point(f, { image, first, rows, pointer: from });
          transformBlocks(f, context, transform, { from, to, rows, first });
          f.get(rows).times(transform.to.line).get(to).op("i32.add").set(to);
        });
      };
      transform(image, leftAt, leftTransform);
      transform(cotangent, rightAt, rightTransform);
    },
  };
}

/** The geometry of a convolution with its results in place of its images, without padding. */
const resultsAsImages = (g: ConvGeometry): ConvGeometry => ({
  ...g,
  channels: g.outChannels,
  groupIn: g.groupOut,
  y: { ...g.y, size: g.y.out, padding: 0 },
  x: { ...g.x, size: g.x.out, padding: 0 },
});

/** Emits code that adds the products of so many blocks of a group to its sums. */
function addProducts(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  { left, right }: Layout,
  sums: GradientSums,
  at: Readonly<Record<"left" | "right" | "out", Local>>,
  depth: Extent,
  batch: number,
) {
  const shape = {
    leftRow: 4,
    leftStep: left.block,
    rightStep: right.block,
    rightPanel: 4 * panelColumns(context.features),
    outRow: sums.row,
    leftBatch: left.product,
    rightBatch: right.product,
    outBatch: sums.product,
    accumulates: batch > 1,
  };
  multiply(f, context, shape, at, { rows: g.groupIn, columns: g.groupOut, depth, batch });
}

/** Transforms all blocks first, then sums over them, one product of a group per unit. */
function sumByProduct(
  context: KernelContext,
  g: ConvGeometry,
  layout: Layout,
  sums: GradientSums,
  transforms: BlockTransforms,
): Pass[] {
  const { blocks, products, left, right } = layout;
  const lefts = context.scratch(products * left.product / 4);
  const rights = context.scratch(products * right.product / 4);
  context.reserve(transforms.bytes);
  const transform = pass(blocks.ranges, (f, unit) => {
    const range = blockRange(f), [a, b, before] = f.locals("i32", 3);
    setRange(f, blocks, unit, range);
    pushBlocksBefore(f, blocks, range).set(before);
    f.get(before).times(left.block).get(f.base(lefts)).op("i32.add").set(a);
    f.get(before).times(right.block).get(f.base(rights)).op("i32.add").set(b);
    transforms.write(f, range, a, b);
  });
  const sum = pass(g.groups * products, (f, unit) => {
    const [group, product] = coordinates(f, unit, [g.groups, products]);
    const [a, b, out] = f.locals("i32", 3);
    const point = (to: Local, slot: number, stride: number, groupStride: number) =>
      f.get(f.base(slot), product).times(stride).op("i32.add")
        .get(group).times(groupStride).op("i32.add").set(to);
    point(a, lefts, left.product, 4 * g.groupIn);
    point(b, rights, right.product, 4 * g.groupOut);
    point(out, sums.slot, sums.product, sums.group);
    addProducts(f, context, g, layout, sums, { left: a, right: b, out }, blocks.total, 1);
  });
  return [transform, sum];
}

/** Transforms and sums the blocks of the batch, one part per unit. */
function sumByPart(
  context: KernelContext,
  g: ConvGeometry,
  layout: Layout,
  sums: GradientSums,
  transforms: BlockTransforms,
): Pass {
  const { blocks, products, left, right } = layout;
  const leftStart = transforms.bytes, rightStart = leftStart + products * left.product;
  context.reserve(rightStart + products * right.product);
  return pass(sums.parts, (f, part) => {
    const range = blockRange(f), [a, b, start, out, index, end, group] = f.locals("i32", 7);
    const pointToBlocks = () =>
      f.get(LOCAL).plus(leftStart).set(a).get(LOCAL).plus(rightStart).set(b);
    f.get(f.base(sums.slot), part).times(sums.part).op("i32.add").tee(start);
    f.i32(0).i32(sums.part).op("memory.fill");
    // Whole ranges: several images, or a band of one.
    setShare(f, part, sums.parts, blocks.ranges, index, end);
    f.while(index, end, 1, () => {
      setRange(f, blocks, index, range);
      pointToBlocks();
      transforms.write(f, range, a, b);
      f.get(start).set(out);
      const depth = { local: range.count }, at = { left: a, right: b, out };
      f.count(group, g.groups, () => {
        addProducts(f, context, g, layout, sums, at, depth, products);
        f.advance(a, 4 * g.groupIn).advance(b, 4 * g.groupOut).advance(out, sums.group);
      });
    });
  });
}
