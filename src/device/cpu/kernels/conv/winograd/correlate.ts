/**
 * Correlation with 3×3 windows by Winograd's algorithms: weights and blocks of the image are transformed,
 * multiplied product by product, and taken back, a panel of channels at a time.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/module.ts";
import type { Features } from "../../../features.ts";
import { coordinates, type KernelContext, LOCAL, type Lowered, pass } from "../../../kernel.ts";
import type { WeightStrides } from "../direct.ts";
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { columnsOf, ROWS, Tile, tiles } from "../../register_tile.ts";
import { type Algorithm, alongBoth, F4 } from "./algorithm.ts";
import { blocksOf, eachBlock, setRange, sourceOf, strideOf } from "./blocks.ts";
import { flatBlocks } from "./flat_blocks.ts";
import { intoDomain, outOfDomain } from "./transforms.ts";

/** Bytes of a unit's transformed blocks that are aimed at, so that they stay in the second cache. */
const BYTES = 512 * 1024;
/** The most blocks of a unit that are aimed at, so that products of a panel stay in the first cache. */
const MOST = 32;
/** Channels of a unit of weights. */
const CHANNELS = 8;

/** How transformed weights lie: [panel][product][channel][column]. */
interface Weights {
  readonly panels: number;
  readonly product: number;
  readonly panel: number;
}

/** Transforms the weights; columns beyond the last channel are zeros. */
function transformWeights(
  context: KernelContext,
  c: ConvGeometry,
  algorithm: Algorithm,
  w: WeightStrides,
  weights: Weights,
  packed: number,
) {
  const columns = columnsOf(context.features), { size } = algorithm;
  const partial = c.groupOut % columns !== 0;
  return pass(weights.panels * c.groupIn / CHANNELS, (f, unit) => {
    const [panel, first] = coordinates(f, unit, [weights.panels, c.groupIn / CHANNELS]);
    const [channel, vector, from, to] = f.locals("i32", 4);
    const store = (row: number, column: number, value: readonly Local[]) => {
      f.get(to, value[0]!).access("v128.store", (row * size + column) * weights.product);
    };
    const transformed = () =>
      alongBoth(f, context.features, algorithm.weight, (row, column) => {
        const value = f.locals("v128", 1), at = 4 * (w.start + row * w.y + column * w.x);
        if (w.out === 1) f.get(from).access("v128.load", at);
        else {
          f.get(from).access("v128.load32_splat", at);
          for (let lane = 1; lane < 4; lane++) {
            f.get(from).access("f32.load", at + 4 * lane * w.out).lane("f32x4.replace_lane", lane);
          }
        }
        f.set(value[0]);
        return value;
      }, store);
    const zeros = () => {
      const zero = f.locals("v128", 1);
      f.floats(0).set(zero[0]);
      for (let i = 0; i < size * size; i++) store(0, i, zero);
    };
    f.get(panel).times(columns * w.out).get(first).times(CHANNELS * w.channel).op("i32.add");
    f.times(4).get(f.base(context.operands[1].slot!)).op("i32.add").set(from);
    f.get(panel).times(weights.panel).get(first).times(4 * CHANNELS * columns).op("i32.add");
    f.get(f.base(packed)).op("i32.add").set(to);
    f.count(channel, CHANNELS, () => {
      f.count(vector, columns / 4, () => {
        if (!partial) transformed();
        else {
          f.block(() => {
            f.get(panel).times(columns).get(vector).times(4).op("i32.add").i32(c.groupOut);
            f.op("i32.lt_u").when(() => {
              transformed();
              f.exit(1);
            });
            zeros();
          });
        }
        f.advance(from, 16 * w.out).advance(to, 16);
      });
      f.advance(from, 4 * (w.channel - columns * w.out));
    });
  });
}

/** A function (left, right, target, blocks) of all products of one panel. */
function panelProducts(
  features: Features,
  products: number,
  channels: number,
  left: { readonly width: number; readonly product: number; readonly panel: number },
  rightProduct: number,
  outProduct: number,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  const [left0, right0, target0, blocks] = f.inputs(4);
  const [product, at, block, a, b, target, end] = f.locals("i32", 7);
  const columns = columnsOf(features), tile = new Tile(f, features, ROWS);
  f.count(product, products, () => {
    f.get(left0).set(at).get(target0).set(target).i32(0).set(block);
    f.while(block, blocks, ROWS, () => {
      f.get(at).set(a).get(right0).tee(b).plus(4 * channels * columns).set(end);
      tile.clear();
      f.until(b, end, () => {
        for (let k = 0; k < left.width; k += 4) {
          tile.deep(a, 4 * left.width, b, 4 * k, 4 * k * columns);
        }
        f.advance(a, left.panel).advance(b, 4 * left.width * columns);
      });
      tile.store(target, 4 * columns);
      f.advance(at, 4 * ROWS * left.width).advance(target, 4 * ROWS * columns);
    });
    f.advance(left0, left.product).advance(right0, rightProduct).advance(target0, outProduct);
  });
  return f;
}

/** Lowers a correlation with 3×3 windows, stride 1, one group, and channels that 8 divides. */
export function correlateBlocks(
  context: KernelContext,
  c: ConvGeometry,
  algorithm: Algorithm,
  w: WeightStrides,
): Lowered {
  const { module, features, out } = context, { tile, size } = algorithm, products = size * size;
  const columns = columnsOf(features), width = c.groupIn % columns === 0 ? columns : 8;
  const panels = Math.ceil(c.groupOut / columns);
  const aim = Math.min(MOST, Math.floor(BYTES / (4 * products * c.groupIn)));
  const blocks = blocksOf(c, algorithm, Math.max(8, aim));
  const product = strideOf(4 * c.groupIn * columns);
  const weights: Weights = { panels, product, panel: products * product };
  const packed = context.scratch(panels * weights.panel / 4);
  const source = sourceOf(context, c, blocks, context.operands[0], 2, 0);
  const domain = {
    width,
    product: strideOf(4 * c.groupIn * blocks.capacity),
    panel: 4 * width * blocks.capacity,
  };
  const result = { width: columns, product: strideOf(4 * columns * blocks.capacity) };
  const imageStart = source.bytes, resultStart = imageStart + products * domain.product;
  const lastHeight = c.y.out - (blocks.down - 1) * tile;
  const lastWidth = c.x.out - (blocks.across - 1) * tile;
  const flatStart = resultStart + products * result.product;
  const grid = { pixel: 4 * c.groupOut, row: 4 * c.groupOut * c.x.out };
  const flat = algorithm === F4
    ? flatBlocks(context, {
      channels: c.groupIn,
      blocks,
      lastHeight,
      lastWidth,
      image: source,
      result: grid,
      start: flatStart,
      weights: product,
    })
    : undefined;
  context.reserve(flatStart + (flat?.bytes ?? 0));
  const into = module.add(intoDomain(features, algorithm.input, c.groupIn, source, domain));
  const multiply = module.add(
    panelProducts(features, products, c.groupIn, domain, product, result.product),
  );
  const outOf = tiles((channels, height, width) =>
    module.add(outOfDomain(features, algorithm.output, channels, result, grid, height, width))
  );
  const run = pass(blocks.units, (f, unit) => {
    const [image, end, first, rows, count, pointer, at, start, right, to, from, panel] = f.locals(
      "i32",
      12,
    );
    const range = { image, end, first, rows, count }, flatHere = flat?.unit(f);
    setRange(f, blocks, unit, range);
    flatHere?.begin();
    f.get(LOCAL).plus(imageStart).set(at);
    eachBlock(
      f,
      blocks,
      range,
      (image) => source.point(f, { image, first, rows, pointer }),
      [
        { pointer, row: tile * source.row, column: tile * source.pixel },
        { pointer: at, row: 4 * width * blocks.across, column: 4 * width },
      ],
      (row, column) => {
        f.get(pointer, at).call(into);
        flatHere?.find(pointer, () => f.get(row, first).op("i32.add"), () => f.get(column));
      },
    );
    f.get(image).times(c.y.out).get(first).times(tile).op("i32.add");
    f.times(c.x.out * c.groupOut).set(start).get(f.base(packed)).set(right);
    const onePanel = (channels: number) => {
      f.get(LOCAL).plus(imageStart).get(right).get(LOCAL).plus(resultStart).get(count);
      f.call(multiply).get(LOCAL).plus(resultStart).set(from);
      flatHere?.multiply(right);
      eachBlock(
        f,
        blocks,
        range,
        (image) => {
          f.get(image).times(c.y.out).get(first).times(tile).op("i32.add").times(grid.row);
          f.get(panel).times(4 * columns).op("i32.add").get(f.base(out)).op("i32.add").set(to);
        },
        [
          { pointer: to, row: tile * grid.row, column: tile * grid.pixel },
          { pointer: from, row: 4 * columns * blocks.across, column: 4 * columns },
        ],
        (row, column) => {
          flatHere?.next();
          // The last blocks of an axis may overhang the image.
          const along = (
            at: () => void,
            last: number,
            size: number,
            body: (size: number) => void,
          ) => {
            if (size === tile) return body(tile);
            f.block(() => {
              at();
              f.i32(last).op("i32.eq").when(() => {
                body(size);
                f.exit(1);
              });
              body(tile);
            });
          };
          along(
            () => f.get(row, first).op("i32.add"),
            blocks.down - 1,
            lastHeight,
            (height) =>
              along(
                () => f.get(column),
                blocks.across - 1,
                lastWidth,
                (width) => {
                  f.get(from, to).call(outOf(channels, height, width));
                  flatHere?.mend(to, channels, height, width);
                },
              ),
          );
        },
      );
      f.advance(right, weights.panel);
    };
    const full = Math.floor(c.groupOut / columns), rest = c.groupOut % columns;
    f.count(panel, full, () => onePanel(columns));
    if (rest) {
      f.i32(full).set(panel);
      onePanel(rest);
    }
    // A unit's results are neighbours: whole images, or rows of one.
    const last = f.local("i32");
    f.get(first, rows).op("i32.add").times(tile).tee(last);
    f.i32(c.y.out).get(last).i32(c.y.out).op("i32.lt_u", "select");
    f.get(end).plus(-1).times(c.y.out).op("i32.add").times(c.x.out * c.groupOut).set(
      last,
    );
    context.finish(f, () => f.get(start), () => f.get(last), true);
  });
  return { passes: [transformWeights(context, c, algorithm, w, weights, packed), run] };
}
