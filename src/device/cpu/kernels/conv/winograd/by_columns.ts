/**
 * Convolution by Winograd's algorithms, columns by columns: all blocks are transformed first. Each unit
 * transforms the weights of its columns, so that they never leave its cache.
 *
 * @module
 */
import { coordinates, LOCAL, type Lowered, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { panelColumns } from "../../product/mod.ts";
import { type BlockRange, blockRange, type Blocks, pushBlocksBefore, setRange } from "./blocks.ts";
import { byColumns, type ColumnBlocks, splitColumns } from "./column_blocks.ts";
import type { Convolution } from "./convolution.ts";
import { type ImageDomain, imageDomain } from "./image_domain.ts";
import { type Results, results } from "./results.ts";
import { transformWeights, type WeightDomain, weightDomain } from "./weights.ts";

/** The most blocks, channels and columns that are multiplied together, in the L2 cache. */
const MOST_BLOCKS = 128, MOST_CHANNELS = 64, MOST_COLUMNS = 32;

/** Lowers a convolution. */
export function convolveColumns(c: Convolution): Lowered {
  const { context, g, algorithm, blocks } = c, panel = panelColumns(context.features);
  const columns = splitColumns(g.groupOut, MOST_COLUMNS, panel);
  const image = imageDomain(context, g, blocks, blocks.total);
  const channels = Math.min(g.groupIn, MOST_CHANNELS);
  const weights = weightDomain(algorithm, channels, channels, columns);
  const together = Math.max(1, Math.min(blocks.ranges, Math.floor(MOST_BLOCKS / blocks.capacity)));
  const capacity = Math.min(blocks.total, together * blocks.capacity);
  const all = results(context, g, { blocks, columns, image, weights }, capacity, true);
  const images: Slots = {
    blocks: context.scratch(image.bytes / 4),
    flags: context.scratch(blocks.ranges * image.flatBytes / 4),
  };
  context.reserve(
    Math.max(image.scratch, weights.bytes + weights.taps + all.bytes + together * all.flatBytes),
  );
  return {
    passes: [
      transformImages(blocks, image, images),
      multiplyColumns(c, columns, image, weights, all, images, together),
    ],
    unfinished: true,
  };
}

/** The slots of scratch memory for transformed blocks, and for what is known of their flat windows. */
type Slots = Readonly<Record<"blocks" | "flags", number>>;

/** Transforms one range of blocks per unit. */
const transformImages = (blocks: Blocks, image: ImageDomain, slots: Slots): Pass =>
  pass(blocks.ranges, (f, unit) => {
    const range = blockRange(f), [to, flags] = f.locals("i32", 2);
    setRange(f, blocks, unit, range);
    pushBlocksBefore(f, blocks, range).times(image.domain.block);
    f.get(f.base(slots.blocks)).op("i32.add").set(to);
    f.get(f.base(slots.flags), unit).times(image.flatBytes).op("i32.add").set(flags);
    image.write(f, range, to, flags);
  });

/** Computes one block of columns of `together` ranges per unit. */
function multiplyColumns(
  { context, g, algorithm, strides, blocks }: Convolution,
  columns: ColumnBlocks,
  image: ImageDomain,
  weights: WeightDomain,
  all: Results,
  slots: Slots,
  together: number,
): Pass {
  const parts = Math.ceil(blocks.ranges / together), tapsAt = weights.bytes;
  const productsAt = tapsAt + weights.taps;
  const flatAt = productsAt + all.bytes;
  return pass(g.groups * columns.count * parts, (f, unit) => {
    // The blocks of a part stay in the L3 cache from one block of columns to the next.
    const [part, group, block] = coordinates(f, unit, [parts, g.groups, columns.count]);
    const [first, last, rows, channel, end, depth, left, offset] = f.locals("i32", 8);
    const [right, products, taps] = f.locals("i32", 3), range = blockRange(f);
    const flats = flatRanges(f, blocks, image, all, slots, { first, last });
    f.get(part).times(together).tee(first).plus(together).set(last).atMost(last, blocks.ranges);
    setRange(f, blocks, first, range);
    pushBlocksBefore(f, blocks, range).times(image.domain.block);
    f.get(group).times(4 * g.groupIn).tee(offset).op("i32.add");
    f.get(f.base(slots.blocks)).op("i32.add").set(left).i32(0).set(rows);
    flats.each(range, flatAt, () => f.get(rows, range.count).op("i32.add").set(rows));
    f.get(LOCAL).tee(right).plus(tapsAt).set(taps).get(LOCAL).plus(productsAt).tee(products);
    f.i32(0).i32(all.bytes + together * all.flatBytes).op("memory.fill");
    byColumns(f, columns, block, (count) => {
      const result = all.columns(f, count), place = { group, block, channel, end };
      f.i32(0).set(end);
      f.loop(() => {
        f.get(end).tee(channel).plus(MOST_CHANNELS).set(end).atMost(end, g.groupIn);
        f.get(end, channel).op("i32.sub").set(depth);
        transformWeights(f, context, algorithm, strides, columns, weights, {
          ...place,
          taps,
          to: right,
        }, count);
        result.multiply({ left, right, out: products }, { local: rows }, { local: depth });
        if (result.flat) {
          flats.each(range, flatAt, ({ flags, flat }) => {
            result.flat?.multiply(flags, offset, right, flat, { local: depth });
          });
        }
        f.advance(left, 4 * MOST_CHANNELS).advance(offset, 4 * MOST_CHANNELS);
        f.get(end).i32(g.groupIn).op("i32.lt_u").exitIf(0);
      });
      const domain = all.domain.block;
      flats.each(range, flatAt, ({ flags, flat }) => {
        result.store(range, { products, flags, flat, group, block });
        f.get(range.count).times(domain).get(products).op("i32.add").set(products);
      });
    });
  });
}

/** Runs code for ranges first…last-1, each with what is known of its flat windows and their products. */
function flatRanges(
  f: Func,
  blocks: Blocks,
  image: ImageDomain,
  all: Results,
  slots: Slots,
  { first, last }: Readonly<Record<"first" | "last", Local>>,
) {
  const [index, flags, flat] = f.locals("i32", 3);
  return {
    each(
      range: BlockRange,
      flatAt: number,
      body: (at: Readonly<Record<"flags" | "flat", Local>>) => void,
    ) {
      f.get(f.base(slots.flags), first).times(image.flatBytes).op("i32.add").set(flags);
      f.get(LOCAL).plus(flatAt).set(flat).get(first).set(index);
      f.while(index, last, 1, () => {
        setRange(f, blocks, index, range);
        body({ flags, flat });
        f.advance(flags, image.flatBytes).advance(flat, all.flatBytes);
      });
    },
  };
}
