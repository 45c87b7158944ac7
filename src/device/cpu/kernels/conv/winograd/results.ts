/**
 * From Winograd's domain to results: the products of blocks with a block of columns, and their transforms
 * back.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { KernelContext } from "../../../kernel.ts";
import { type Extent, multiply, panelColumns } from "../../product/mod.ts";
import { countBlockProducts } from "./algorithm.ts";
import { transformBlocks } from "./block_transform.ts";
import { type BlockRange, type Blocks, eachBlock, eachImage } from "./blocks.ts";
import type { ColumnBlocks } from "./column_blocks.ts";
import { type FlatFixer, flatResultBytes } from "./flat_blocks.ts";
import type { ImageDomain } from "./image_domain.ts";
import {
  type BlockTransform,
  type Domain,
  domainOf,
  domainStrides,
  type Grid,
  imageStrides,
} from "./transforms.ts";
import type { WeightDomain } from "./weights.ts";

/** What results are computed from. */
export interface ResultSources {
  readonly blocks: Blocks;
  readonly columns: ColumnBlocks;
  readonly image: ImageDomain;
  readonly weights: WeightDomain;
}

/** Computes results. */
export interface Results {
  /** The memory layout of the products. */
  readonly domain: Domain;
  /** Bytes of the products, and of those with a range's flat windows. */
  readonly bytes: number;
  readonly flatBytes: number;
  /** Emits the code for a block of `count` columns. */
  columns(f: Func, count: number): ResultColumns;
}

/** Computes a block of columns. */
export interface ResultColumns {
  /** Multiplies `depth` channels of blocks by weights. */
  multiply(
    pointers: Readonly<Record<"left" | "right" | "out", Local>>,
    rows: Extent,
    depth: Extent,
  ): void;
  /** The products with flat windows. */
  readonly flat: FlatFixer | undefined;
  /** Stores a range's results. */
  store(range: BlockRange, at: ResultPlace): void;
}

/** The products of a range, what is known of its flat windows, and which columns of which group they are. */
export type ResultPlace = Readonly<
  Record<"products" | "flags" | "flat" | "group" | "block", Local>
>;

/**
 * Computes the results of a convolution, products of `capacity` blocks together.
 *
 * @param accumulates Whether products are added to what is there.
 */
export function results(
  context: KernelContext,
  g: ConvGeometry,
  { blocks, columns, image, weights }: ResultSources,
  capacity: number,
  accumulates: boolean,
): Results {
  const { features } = context, { y, x } = blocks.algorithm;
  const batch = countBlockProducts(blocks.algorithm);
  const domain = domainOf(capacity, columns.columns), panel = 4 * panelColumns(features);
  const grid: Grid = { pixel: 4 * g.outChannels, row: 4 * g.outChannels * g.x.out };
  const shape = {
    leftRow: image.domain.block,
    leftStep: 4,
    rightStep: weights.step,
    rightPanel: panel,
    outRow: domain.block,
    leftBatch: image.domain.product,
    rightBatch: weights.product,
    outBatch: domain.product,
    accumulates,
  };
  return {
    domain,
    bytes: Math.ceil(batch * domain.product / 64) * 64,
    flatBytes: image.flat ? flatResultBytes(blocks.capacity, domain.block) : 0,
    columns(f, count) {
      const flat = image.flat?.fixer(f, {
        columns: count,
        weights: { ...weights, panel },
        accumulates,
        outRow: domain.block,
        grid,
      });
      return {
        flat,
        multiply: (pointers, rows, depth) =>
          multiply(f, context, shape, pointers, { rows, columns: count, depth, batch }),
        store(range, at) {
          const [from, to, out] = f.locals("i32", 3), { first, rows } = range;
          const transform: BlockTransform = {
            name: "output",
            blocks,
            channels: count,
            from: domainStrides(domain, x.size, blocks),
            to: imageStrides(blocks.algorithm, grid),
          };
          const pointToResult = (n: Local) => {
            f.get(n).times(g.y.out).get(first).times(y.tile).op("i32.add").times(grid.row);
            f.get(at.group).times(4 * g.groupOut).op("i32.add");
            f.get(at.block).times(4 * columns.columns).op("i32.add");
            f.get(f.base(context.out)).op("i32.add").set(to);
          };
          const fixBlocks = (flat: FlatFixer) => {
            f.get(to).set(out);
            eachBlock(f, blocks, rows, [{ ...transform.to, pointer: out }], (row, column) => {
              const place = {
                row: () => f.get(row, first).op("i32.add"),
                column: () => f.get(column),
              };
              flat.fix(out, place);
            });
          };
          f.get(at.products).set(from);
          flat?.begin(at.flags, at.flat);
          eachImage(f, range, (n) => {
            pointToResult(n);
            transformBlocks(f, context, transform, { from, to, rows, first });
            f.get(rows).times(transform.from.line).get(from).op("i32.add").set(from);
            if (flat) f.get(at.flags).access("i32.load").when(() => fixBlocks(flat));
          });
        },
      };
    },
  };
}
