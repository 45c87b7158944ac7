/**
 * From Winograd's domain to results: the products of a range's blocks with a block of columns, and their
 * transforms back.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type KernelContext, LOCAL } from "../../../kernel.ts";
import { multiply, panelColumns } from "../../product/mod.ts";
import { countBlockProducts } from "./algorithm.ts";
import { type BlockRange, type Blocks, bySize, eachBlock } from "./blocks.ts";
import type { ColumnBlocks } from "./column_blocks.ts";
import { flatResultBytes } from "./flat_blocks.ts";
import type { ImageDomain } from "./image_domain.ts";
import { domainOf, type Grid, outOfDomain } from "./transforms.ts";
import type { WeightDomain } from "./weights.ts";

/** A range's transformed blocks, a transformed block of columns, and which one of which group it is. */
export type ResultPlace = Readonly<Record<"image" | "weights" | "group" | "block", Local>>;

/** Computes results. */
export interface Results {
  /** Bytes of the thread's scratch memory that this uses, from `start` on. */
  readonly bytes: number;
  /** Stores a range's results in a block of columns. */
  write(f: Func, range: BlockRange, at: ResultPlace): void;
}

/** What results are computed from. */
export interface ResultSources {
  readonly blocks: Blocks;
  readonly columns: ColumnBlocks;
  readonly image: ImageDomain;
  readonly weights: WeightDomain;
}

/** Computes the results of a convolution. */
export function results(
  context: KernelContext,
  g: ConvGeometry,
  { blocks, columns, image, weights }: ResultSources,
  start: number,
): Results {
  const { module, features, out } = context, { y, x } = blocks.algorithm;
  const batch = countBlockProducts(blocks.algorithm);
  const domain = domainOf(blocks.capacity, columns.columns);
  const grid: Grid = { pixel: 4 * g.outChannels, row: 4 * g.outChannels * g.x.out };
  const productBytes = Math.ceil(batch * domain.product / 64) * 64;
  const panel = 4 * panelColumns(features);
  const shape = {
    leftRow: image.domain.block,
    leftStep: 4,
    rightStep: weights.step,
    rightPanel: panel,
    outRow: domain.block,
    leftBatch: image.domain.product,
    rightBatch: weights.product,
    outBatch: domain.product,
  };
  const back = (count: number, height: number, width: number) =>
    module.once(
      JSON.stringify(["out of domain", y.tile, x.tile, batch, count, domain, grid, height, width]),
      () => outOfDomain(features, [y.output, x.output], count, domain, grid, height, width),
    );
  const writeColumns = (f: Func, count: number, range: BlockRange, at: ResultPlace) => {
    const [left, from, to, offset, flags, flatOut] = f.locals("i32", 6), { first } = range;
    const flat = image.flat?.fixer(f, {
      columns: count,
      weights: { ...weights, panel },
      depth: g.groupIn,
      outRow: domain.block,
      grid,
    });
    const pointToResult = (n: Local) => {
      f.get(n).times(g.y.out).get(first).times(y.tile).op("i32.add").times(grid.row);
      f.get(at.group).times(4 * g.groupOut).op("i32.add");
      f.get(at.block).times(4 * columns.columns).op("i32.add");
      f.get(f.base(out)).op("i32.add").set(to);
    };
    f.get(at.group).times(4 * g.groupIn).tee(offset).get(at.image).op("i32.add").set(left);
    f.get(LOCAL).plus(start).set(from);
    multiply(f, context, shape, { left, right: at.weights, out: from }, {
      rows: { local: range.count },
      columns: count,
      depth: g.groupIn,
      batch,
    });
    f.get(at.image).plus(image.flatAt).set(flags).get(from).plus(productBytes).set(flatOut);
    flat?.multiply(flags, offset, at.weights, flatOut);
    eachBlock(f, blocks, range, pointToResult, [
      { pointer: to, row: y.tile * grid.row, column: x.tile * grid.pixel },
      { pointer: from, row: domain.block * blocks.across, column: domain.block },
    ], (row, column) => {
      const place = { row: () => f.get(row, first).op("i32.add"), column: () => f.get(column) };
      bySize(f, blocks, place, (height, width) => {
        f.get(from, to).call(back(count, height, width));
        flat?.fix(to, height, width);
      });
    });
  };
  return {
    bytes: productBytes + (image.flat ? flatResultBytes(blocks.capacity, domain.block) : 0),
    write(f, range, at) {
      f.block(() => {
        if (columns.remainder) {
          f.get(at.block).i32(columns.full).op("i32.eq").when(() => {
            writeColumns(f, columns.remainder, range, at);
            f.exit(1);
          });
        }
        writeColumns(f, columns.columns, range, at);
      });
    },
  };
}
