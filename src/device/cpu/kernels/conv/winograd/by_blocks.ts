/**
 * Convolution by Winograd's algorithms, range by range: all weights are transformed first.
 *
 * @module
 */
import { coordinates, LOCAL, type Lowered, type Pass, pass } from "../../../kernel.ts";
import type { Func } from "../../../wasm/function.ts";
import { panelColumns } from "../../product/mod.ts";
import { type BlockRange, blockRange, setRange } from "./blocks.ts";
import { byColumns, type ColumnBlocks, splitColumns } from "./column_blocks.ts";
import type { Convolution } from "./convolution.ts";
import { imageDomain } from "./image_domain.ts";
import { results } from "./results.ts";
import { transformWeights, type WeightDomain, weightDomain } from "./weights.ts";

/**
 * The most columns of a block: its products stay in the L2 cache. In WebAssembly a block is one panel, whose
 * products stay in the L1 cache.
 */
const MOST_COLUMNS = 64;
/** The channels of weights that a unit transforms. */
const WEIGHT_CHANNELS = 8;

/** Lowers a convolution. */
export function convolveBlocks(c: Convolution): Lowered {
  const { context, g, algorithm, blocks } = c, panel = panelColumns(context.features);
  const most = context.module.multiply ? MOST_COLUMNS : panel;
  const columns = splitColumns(g.groupOut, most, panel);
  const image = imageDomain(context, g, blocks, blocks.capacity);
  const weights = weightDomain(algorithm, g.groupIn, WEIGHT_CHANNELS, columns);
  const slot = context.scratch(g.groups * columns.count * weights.bytes / 4);
  const all = results(context, g, { blocks, columns, image, weights }, blocks.capacity, false);
  const flagsAt = image.scratch + image.bytes, productsAt = flagsAt + image.flatBytes;
  const used = Math.max(weights.taps, productsAt + all.bytes + all.flatBytes);
  context.reserve(used);
  const convolve = pass(blocks.ranges, (f, unit) => {
    const range = blockRange(f), [at, flags, products, flat] = f.locals("i32", 4);
    const [left, right, offset, group, block] = f.locals("i32", 5);
    setRange(f, blocks, unit, range);
    keepRange(f, c, range, used);
    f.get(LOCAL).plus(image.scratch).set(at).get(LOCAL).plus(flagsAt).set(flags);
    f.get(LOCAL).plus(productsAt).set(products).get(products).plus(all.bytes).set(flat);
    image.write(f, range, at, flags);
    f.get(f.base(slot)).set(right);
    const place = { products, flags, flat, group, block };
    f.count(group, g.groups, () => {
      f.get(group).times(4 * g.groupIn).tee(offset).get(at).op("i32.add").set(left);
      f.count(block, columns.count, () => {
        byColumns(f, columns, block, (count) => {
          const result = all.columns(f, count);
          result.multiply({ left, right, out: products }, { local: range.count }, g.groupIn);
          result.flat?.multiply(flags, offset, right, flat, g.groupIn);
          result.store(range, place);
        });
        f.advance(right, weights.bytes);
      });
    });
    finishRange(f, c, range);
  });
  return { passes: [transformAllWeights(c, columns, weights, slot), convolve] };
}

/** Transforms some channels of a block of columns per unit. */
function transformAllWeights(
  { context, g, algorithm, strides }: Convolution,
  columns: ColumnBlocks,
  weights: WeightDomain,
  slot: number,
): Pass {
  const parts = Math.ceil(g.groupIn / WEIGHT_CHANNELS);
  return pass(g.groups * columns.count * parts, (f, unit) => {
    const [group, block, part] = coordinates(f, unit, [g.groups, columns.count, parts]);
    const [channel, end, to] = f.locals("i32", 3);
    const at = { group, block, channel, end, taps: LOCAL, to };
    f.get(part).times(WEIGHT_CHANNELS).tee(channel).plus(WEIGHT_CHANNELS).set(end);
    f.atMost(end, g.groupIn);
    f.get(group).times(columns.count).get(block).op("i32.add").times(weights.bytes);
    f.get(channel).times(weights.step).op("i32.add").get(f.base(slot)).op("i32.add").set(to);
    byColumns(f, columns, block, (count) => {
      transformWeights(f, context, algorithm, strides, columns, weights, at, count);
    });
  });
}

/** Pushes the index of the first element of a row of an image. */
const pushElement = (f: Func, { g }: Convolution, image: () => void, row: () => void) => {
  image();
  f.times(g.y.out);
  row();
  f.op("i32.add").times(g.x.out * g.outChannels);
};

/** Pushes the index of a range's first element. */
const pushStart = (f: Func, c: Convolution, { image, first }: BlockRange) =>
  pushElement(f, c, () => f.get(image), () => f.get(first).times(c.algorithm.y.tile));

/** Keeps a range's results in the thread's scratch memory, if only the epilogue reads them. */
function keepRange(f: Func, c: Convolution, range: BlockRange, offset: number) {
  const { g, blocks, algorithm: { y } } = c;
  const rows = blocks.images > 1
    ? blocks.images * g.y.out
    : Math.min(blocks.rows * y.tile, g.y.out);
  const elements = rows * g.x.out * g.outChannels;
  c.context.keep(f, () => pushStart(f, c, range), elements, Math.ceil(offset / 64) * 64);
}

/** Applies the epilogue to a range's results, which are contiguous: whole images, or rows of one. */
function finishRange(f: Func, c: Convolution, range: BlockRange) {
  const { context, g, algorithm: { y } } = c, { end, first, rows } = range, last = f.local("i32");
  const aligned = (g.x.out * g.outChannels) % 4 === 0;
  f.get(first, rows).op("i32.add").times(y.tile).set(last).atMost(last, g.y.out);
  pushElement(f, c, () => f.get(end).plus(-1), () => f.get(last));
  f.set(last);
  context.finish(f, () => pushStart(f, c, range), () => f.get(last), aligned);
}
