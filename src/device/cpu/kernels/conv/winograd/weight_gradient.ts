/**
 * The gradient of 3×3 weights by Winograd's algorithms: blocks of the image and of the output's
 * cotangent are transformed, multiplied product by product over all blocks, and the sums taken back.
 *
 * Sums lie as [product][channel ÷ 4][panel][4][column]. Where they are few, the batch is cut into parts,
 * and each part's blocks are transformed and multiplied by one thread in its own cache; where they are
 * many, all blocks are transformed first, and threads share out the products.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/module.ts";
import type { Features } from "../../../features.ts";
import { type KernelContext, LOCAL, type Lowered, type Pass, pass } from "../../../kernel.ts";
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { columnsOf, ROWS, Tile } from "../../register_tile.ts";
import { type Algorithm, alongBoth } from "./algorithm.ts";
import {
  blocksOf,
  eachBlock,
  setRange,
  type Source,
  sourceOf,
  strideOf,
  type UnitRange,
} from "./blocks.ts";
import { type Domain, intoDomain } from "./transforms.ts";

/** The most parts of a batch. */
const PARTS = 8;
/** Bytes of a unit's transformed blocks that are aimed at, so that they stay in the second cache. */
const BYTES = 1 << 20;
/** The most and the fewest blocks of a unit that are aimed at. */
const MOST = 64, FEWEST = 16;
/** The most bytes of a whole batch's transformed blocks. */
const SHARED = 64 << 20;

/** A function (left, right, target, blocks) that adds the products of blocks to one product's sums. */
function addProducts(
  features: Features,
  channels: number,
  outChannels: number,
  left: Domain,
  right: Domain,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  const [left0, right0, target, blocks] = f.inputs(4);
  const columns = columnsOf(features), panels = Math.ceil(outChannels / columns);
  const [group, part, panel, a, b, column, most, end] = f.locals("i32", 8);
  const tile = new Tile(f, features, ROWS), together = 4;
  const rightBytes = 4 * columns, leftBytes = 4 * left.width;
  f.get(blocks).i32(-together).op("i32.and").times(rightBytes).set(most);
  f.get(blocks).times(rightBytes).set(end);
  f.count(group, channels / left.width, () => {
    f.count(part, left.width / ROWS, () => {
      f.get(right0).set(column);
      f.count(panel, panels, () => {
        const last = f.local("i32");
        tile.reload(target, 4 * columns);
        f.get(left0).set(a).get(column).tee(b).get(most).op("i32.add").set(last);
        const until = (count: number) => {
          f.block(() =>
            f.loop(() => {
              f.get(b, last).op("i32.ge_u").exitIf(1);
              for (let t = 0; t < count; t++) tile.across(a, t * leftBytes, b, t * rightBytes);
              f.advance(a, count * leftBytes).advance(b, count * rightBytes).exit(0);
            })
          );
        };
        until(together);
        f.get(column, end).op("i32.add").set(last);
        until(1);
        tile.store(target, 4 * columns);
        f.advance(column, right.panel).advance(target, ROWS * 4 * columns);
      });
      f.advance(left0, 4 * ROWS);
    });
    f.advance(left0, left.panel - leftBytes);
  });
  return f;
}

/** Lowers the gradient of 3×3 weights at stride 1, in one group, with channels that 8 divides. */
export function weightGradientOfBlocks(
  context: KernelContext,
  c: ConvGeometry,
  algorithm: Algorithm,
): Lowered {
  const { features, operands, module } = context, { size, tile } = algorithm;
  const products = size * size, columns = columnsOf(features);
  const panels = Math.ceil(c.groupOut / columns), padded = panels * columns;
  const sums = c.groupIn * padded, each = 4 * products * (c.groupIn + padded);
  const aim = Math.max(FEWEST, Math.min(MOST, Math.floor(BYTES / each)));
  const blocks = blocksOf(c, algorithm, aim);
  const tiles = c.batch * blocks.across * blocks.down;
  const parts = Math.min(c.batch, PARTS);
  const shared = each * tiles <= Math.min(SHARED, 2 * 4 * parts * products * sums);
  const capacity = shared ? tiles : blocks.capacity;
  const width = c.groupIn % columns === 0 ? columns : 8;
  const left: Domain = {
    width,
    product: strideOf(4 * c.groupIn * capacity),
    panel: 4 * width * capacity,
  };
  const right: Domain = {
    width: columns,
    product: strideOf(4 * padded * capacity),
    panel: 4 * columns * capacity,
  };
  const image = sourceOf(context, c, blocks, operands[0], 2, 0);
  const cotangentSizes: ConvGeometry = {
    ...c,
    channels: c.outChannels,
    groupIn: c.groupOut,
    y: { ...c.y, size: c.y.out, padding: 0 },
    x: { ...c.x, size: c.x.out, padding: 0 },
  };
  const cotangent = sourceOf(context, cotangentSizes, blocks, operands[1], 0, image.bytes);
  const intoLeft = module.add(intoDomain(features, algorithm.input, c.groupIn, image, left));
  const intoRight = module.add(
    intoDomain(features, algorithm.outputGradient, c.groupOut, cotangent, right),
  );
  const add = module.add(addProducts(features, c.groupIn, c.groupOut, left, right));

  /** Transforms the blocks of a unit; `a` and `b` say where to, and are moved past them. */
  const transform = (f: Func, range: UnitRange, a: Local, b: Local) => {
    const pointer = f.local("i32");
    const go = (source: Source, into: Func, at: Local, bytes: number) =>
      eachBlock(
        f,
        blocks,
        range,
        (image) => source.point(f, { image, first: range.first, rows: range.rows, pointer }),
        [
          { pointer, row: tile * source.row, column: tile * source.pixel },
          { pointer: at, row: bytes * blocks.across, column: bytes },
        ],
        () => f.get(pointer, at).call(into),
      );
    go(image, intoLeft, a, 4 * width);
    go(cotangent, intoRight, b, 4 * columns);
  };
  const range = (f: Func): UnitRange => {
    const [image, end, first, rows, count] = f.locals("i32", 5);
    return { image, end, first, rows, count };
  };
  const own = image.bytes + cotangent.bytes;
  let passes: readonly Pass[], partial: number, partials: number;
  if (shared) {
    const lefts = context.scratch(products * left.product / 4);
    const rights = context.scratch(products * right.product / 4);
    partial = context.scratch(products * sums);
    partials = 1;
    context.reserve(own);
    passes = [
      pass(blocks.units, (f, unit) => {
        const r = range(f), [a, b, before] = f.locals("i32", 3);
        setRange(f, blocks, unit, r);
        f.get(r.image).times(blocks.down).get(r.first).op("i32.add").times(blocks.across).set(
          before,
        );
        f.get(before).times(4 * width).get(f.base(lefts)).op("i32.add").set(a);
        f.get(before).times(4 * columns).get(f.base(rights)).op("i32.add").set(b);
        transform(f, r, a, b);
      }),
      pass(products, (f, unit) => {
        const target = f.local("i32");
        f.get(f.base(partial), unit).times(4 * sums).op("i32.add").tee(target);
        f.i32(0).i32(4 * sums).op("memory.fill");
        f.get(f.base(lefts), unit).times(left.product).op("i32.add");
        f.get(f.base(rights), unit).times(right.product).op("i32.add");
        f.get(target).i32(tiles).call(add);
      }),
    ];
  } else {
    partial = context.scratch(parts * products * sums);
    partials = parts;
    const rightStart = own + products * left.product;
    context.reserve(rightStart + products * right.product);
    passes = [pass(parts, (f, part) => {
      const r = range(f), [a, b, start, unit, end, product, target] = f.locals("i32", 7);
      f.get(f.base(partial), part).times(4 * products * sums).op("i32.add").tee(start);
      f.i32(0).i32(4 * products * sums).op("memory.fill");
      // Whole units, of several images or of bands of one.
      f.get(part).times(blocks.units).i32(parts).op("i32.div_u").set(unit);
      f.get(part).plus(1).times(blocks.units).i32(parts).op("i32.div_u").set(end);
      f.while(unit, end, 1, () => {
        setRange(f, blocks, unit, r);
        f.get(LOCAL).plus(own).set(a).get(LOCAL).plus(rightStart).set(b);
        transform(f, r, a, b);
        f.get(LOCAL).plus(own).set(a).get(LOCAL).plus(rightStart).set(b).get(start).set(target);
        f.count(product, products, () => {
          f.get(a, b, target, r.count).call(add);
          f.advance(a, left.product).advance(b, right.product).advance(target, 4 * sums);
        });
      });
    })];
  }
  return { passes: [...passes, takeBack(context, c, algorithm, partial, partials, sums)] };
}

/** Adds up the parts and takes the sums back to weights, four channels a unit. */
function takeBack(
  context: KernelContext,
  c: ConvGeometry,
  algorithm: Algorithm,
  partial: number,
  parts: number,
  sums: number,
): Pass {
  const { features, out } = context, { size } = algorithm, products = size * size;
  const columns = columnsOf(features), panels = Math.ceil(c.groupOut / columns);
  const vectors = c.groupOut / 4, perUnit = 4 * ROWS * columns * panels;
  return pass(c.groupIn / ROWS, (f, unit) => {
    const [row, vector, part, from, to, start, tap, first] = f.locals("i32", 8);
    const totals = f.locals("v128", products);
    f.get(f.base(partial), unit).times(perUnit).op("i32.add").set(start);
    f.get(f.base(out), unit).times(4 * ROWS * c.groupOut).op("i32.add").set(to);
    f.count(row, ROWS, () => {
      f.count(vector, vectors, () => {
        f.get(vector).i32(columns / 4).op("i32.div_u").times(4 * ROWS * columns);
        f.get(vector).i32(columns / 4).op("i32.rem_u").times(16).op("i32.add");
        f.get(start).op("i32.add").set(from);
        totals.forEach((total, p) => f.get(from).access("v128.load", 4 * sums * p).set(total));
        f.count(part, parts - 1, () => {
          f.advance(from, 4 * sums * products);
          totals.forEach((total, p) => {
            f.get(total, from).access("v128.load", 4 * sums * p).op("f32x4.add").set(total);
          });
        });
        alongBoth(
          f,
          features,
          algorithm.weightGradient,
          (y, x) => [totals[y * size + x]!],
          (y, x, [value]) => {
            f.get(to, value!).access("v128.store", 4 * (3 * y + x) * c.groupIn * c.groupOut);
          },
        );
        f.advance(to, 16);
      });
      f.advance(start, 4 * columns);
    });
    f.count(tap, 9, () => {
      f.get(tap).times(c.groupIn).get(unit).times(ROWS).op("i32.add").times(c.groupOut).set(
        first,
      );
      const last = () => f.get(first).plus(ROWS * c.groupOut);
      context.finish(f, () => f.get(first), last, true);
    });
  });
}
