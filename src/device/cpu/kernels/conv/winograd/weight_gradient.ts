/**
 * The gradient of 3×3 weights by Winograd's algorithms: blocks of the image and of the output's cotangent
 * are transformed, multiplied and summed over all blocks, and the sums transformed back.
 *
 * Sums are laid out as [product][channel ÷ 4][panel][4][column]. If they are small, the batch is split into
 * parts, and each part's blocks are transformed and multiplied by one thread in its own cache; if they are
 * large, all blocks are transformed first, and threads divide up the products.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Features } from "../../../features.ts";
import {
  type KernelContext,
  LOCAL,
  type Lowered,
  type Pass,
  pass,
  setShare,
} from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { tileColumns } from "../../register_tile.ts";
import type { Algorithm } from "./algorithm.ts";
import {
  type BlockReader,
  blockReader,
  type Blocks,
  eachBlock,
  paddedStride,
  setRange,
  splitIntoBlocks,
  type UnitRange,
} from "./blocks.ts";
import { type GradientSums, transformSums } from "./gradient_sums.ts";
import { addProducts } from "./products.ts";
import { type Domain, intoDomain } from "./transforms.ts";

/** The most parts of a batch. */
const MAX_PARTS = 8;
/** The target size of a unit's transformed blocks in bytes, so that they stay in the L2 cache. */
const UNIT_BYTES = 1 << 20;
/** The target range of blocks per unit. */
const MOST_BLOCKS = 64, FEWEST_BLOCKS = 16;
/** The most bytes of a whole batch's transformed blocks. */
const MAX_SHARED_BYTES = 64 << 20;

/** The division of the work and the memory layout, determined by the sizes. */
interface Layout {
  readonly algorithm: Algorithm;
  readonly blocks: Blocks;
  /** Blocks of the whole batch. */
  readonly total: number;
  readonly products: number;
  /** Elements of one product's sums. */
  readonly elements: number;
  /** Parts of the batch, each with its own sums; undefined if all blocks are transformed first. */
  readonly parts: number | undefined;
  /** The memory layout of transformed blocks of the image and of the cotangent. */
  readonly left: Domain;
  readonly right: Domain;
}

/**
 * Lowers the gradient of 3×3 weights at stride 1, in one group, with channel counts that are multiples of
 * 8.
 */
export function weightGradientByWinograd(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
): Lowered {
  const layout = layOut(context.features, g, algorithm), { products, elements } = layout;
  const blocks = blockTransforms(context, g, layout);
  const add = context.module.add(
    addProducts(context.features, g.channels, g.outChannels, layout.left, layout.right),
  );
  const { passes, slot } = layout.parts
    ? sumByPart(context, layout, layout.parts, blocks, add)
    : sumByProduct(context, layout, blocks, add);
  const sums: GradientSums = { slot, parts: layout.parts ?? 1, products, elements };
  return { passes: [...passes, transformSums(context, g, algorithm, sums)] };
}

function layOut(features: Features, g: ConvGeometry, algorithm: Algorithm): Layout {
  const products = algorithm.size ** 2, columns = tileColumns(features);
  const padded = Math.ceil(g.outChannels / columns) * columns, elements = g.channels * padded;
  const blockBytes = 4 * products * (g.channels + padded);
  const aim = Math.min(MOST_BLOCKS, Math.floor(UNIT_BYTES / blockBytes));
  const blocks = splitIntoBlocks(g, algorithm, Math.max(FEWEST_BLOCKS, aim));
  const total = g.batch * blocks.across * blocks.down, parts = Math.min(g.batch, MAX_PARTS);
  const sumBytes = 4 * parts * products * elements;
  const isShared = blockBytes * total <= Math.min(MAX_SHARED_BYTES, 2 * sumBytes);
  const capacity = isShared ? total : blocks.capacity;
  const domain = (width: number, channels: number): Domain => ({
    width,
    product: paddedStride(4 * channels * capacity),
    panel: 4 * width * capacity,
  });
  return {
    algorithm,
    blocks,
    total,
    products,
    elements,
    parts: isShared ? undefined : parts,
    left: domain(g.channels % columns === 0 ? columns : 8, g.channels),
    right: domain(columns, padded),
  };
}

/** Transforms a unit's blocks of the image and of the cotangent. */
interface BlockTransforms {
  /** Bytes of the thread's scratch memory that this needs. */
  readonly bytes: number;
  /** Transforms the blocks of a unit to `left` and `right`, which are advanced past them. */
  write(f: Func, range: UnitRange, left: Local, right: Local): void;
}

function blockTransforms(context: KernelContext, g: ConvGeometry, layout: Layout): BlockTransforms {
  const { module, features, operands } = context, { algorithm, blocks } = layout;
  const { tile, input, outputGradient } = algorithm;
  const image = blockReader(context, g, blocks, operands[0], 2, 0);
  const results = resultsAsImages(g);
  const cotangent = blockReader(context, results, blocks, operands[1], 0, image.bytes);
  const intoLeft = module.add(intoDomain(features, input, g.channels, image, layout.left));
  const intoRight = module.add(
    intoDomain(features, outputGradient, g.outChannels, cotangent, layout.right),
  );
  return {
    bytes: image.bytes + cotangent.bytes,
    write(f, range, left, right) {
      const pointer = f.local("i32"), { first, rows } = range;
      const transform = (source: BlockReader, into: Func, at: Local, bytes: number) =>
        eachBlock(
          f,
          blocks,
          range,
          (image) => source.point(f, { image, first, rows, pointer }),
          [
            { pointer, row: tile * source.row, column: tile * source.pixel },
            { pointer: at, row: bytes * blocks.across, column: bytes },
          ],
          () => f.get(pointer, at).call(into),
        );
      transform(image, intoLeft, left, 4 * layout.left.width);
      transform(cotangent, intoRight, right, 4 * layout.right.width);
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

function unitRange(f: Func): UnitRange {
  const [image, end, first, rows, count] = f.locals("i32", 5);
  return { image, end, first, rows, count };
}

/** Sums, and the passes that compute them. */
interface Summed {
  readonly passes: readonly Pass[];
  /** The slot of scratch memory that holds the sums. */
  readonly slot: number;
}

/** Transforms all blocks first, then sums over them, one product per unit. */
function sumByProduct(
  context: KernelContext,
  { blocks, total, products, elements, left, right }: Layout,
  transforms: BlockTransforms,
  add: Func,
): Summed {
  const lefts = context.scratch(products * left.product / 4);
  const rights = context.scratch(products * right.product / 4);
  const slot = context.scratch(products * elements);
  context.reserve(transforms.bytes);
  const transform = pass(blocks.units, (f, unit) => {
    const range = unitRange(f), [a, b, before] = f.locals("i32", 3);
    setRange(f, blocks, unit, range);
    f.get(range.image).times(blocks.down).get(range.first).op("i32.add").times(blocks.across);
    f.set(before);
    f.get(before).times(4 * left.width).get(f.base(lefts)).op("i32.add").set(a);
    f.get(before).times(4 * right.width).get(f.base(rights)).op("i32.add").set(b);
    transforms.write(f, range, a, b);
  });
  const sum = pass(products, (f, unit) => {
    const target = f.local("i32");
    f.get(f.base(slot), unit).times(4 * elements).op("i32.add").tee(target);
    f.i32(0).i32(4 * elements).op("memory.fill");
    f.get(f.base(lefts), unit).times(left.product).op("i32.add");
    f.get(f.base(rights), unit).times(right.product).op("i32.add");
    f.get(target).i32(total).call(add);
  });
  return { passes: [transform, sum], slot };
}

/** Transforms and sums the blocks of the batch, one part per unit. */
function sumByPart(
  context: KernelContext,
  { blocks, products, elements, left, right }: Layout,
  parts: number,
  transforms: BlockTransforms,
  add: Func,
): Summed {
  const slot = context.scratch(parts * products * elements);
  const leftStart = transforms.bytes, rightStart = leftStart + products * left.product;
  context.reserve(rightStart + products * right.product);
  const sum = pass(parts, (f, part) => {
    const range = unitRange(f);
    const [a, b, start, unit, end, product, target] = f.locals("i32", 7);
    const pointToBlocks = () =>
      f.get(LOCAL).plus(leftStart).set(a).get(LOCAL).plus(rightStart).set(b);
    const addUnit = () => {
      pointToBlocks().get(start).set(target);
      f.count(product, products, () => {
        f.get(a, b, target, range.count).call(add);
        f.advance(a, left.product).advance(b, right.product).advance(target, 4 * elements);
      });
    };
    f.get(f.base(slot), part).times(4 * products * elements).op("i32.add").tee(start);
    f.i32(0).i32(4 * products * elements).op("memory.fill");
    // Whole units: several images, or a band of one.
    setShare(f, part, parts, blocks.units, unit, end);
    f.while(unit, end, 1, () => {
      setRange(f, blocks, unit, range);
      pointToBlocks();
      transforms.write(f, range, a, b);
      addUnit();
    });
  });
  return { passes: [sum], slot };
}
