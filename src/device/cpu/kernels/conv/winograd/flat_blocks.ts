/**
 * The blocks of a unit of F(4×4) in which some windows are flat: they are found while the blocks are
 * transformed, multiplied a panel at a time, and mended when the block's outputs are stored.
 *
 * @module
 */
import type { Func, Local } from "../../../wasm/function.ts";
import { type KernelContext, LOCAL } from "../../../kernel.ts";
import { productTile, tileColumns, tiles } from "../../register_tile.ts";
import type { Blocks } from "./blocks.ts";
import {
  firstOutputs,
  FLAT_PRODUCT,
  flatWindows,
  mendFlat,
  MIDDLES,
  storeMiddles,
} from "./flat_windows.ts";
import type { Grid } from "./transforms.ts";

/** What the blocks of a unit are. */
export interface FlatLayout {
  readonly channels: number;
  readonly blocks: Blocks;
  /** How images and results lie. */
  readonly image: Grid;
  readonly result: Grid;
  /** Where the thread's scratch memory for them begins, and the bytes from product to product of weights. */
  readonly start: number;
  readonly weights: number;
}

/** The code for one unit, to be written in this order. */
export interface FlatUnit {
  /** Begins a unit. */
  begin(): void;
  /**
   * Takes note of the next block, whose inputs lie at `pointer`; `row` and `column` of blocks tell whether
   * it overhangs the image.
   */
  find(pointer: Local, row: () => void, column: () => void): void;
  /** Multiplies with a panel of weights, and goes back to before the first block. */
  multiply(weights: Local): void;
  /** Goes to the next block; then its outputs at `to` are mended, where there is something to mend. */
  next(): void;
  mend(to: Local, channels: number, height: number, width: number): void;
}

/** Flat windows among the blocks of a unit. */
export interface FlatBlocks {
  /** Bytes of the thread's scratch memory, from the start that was given. */
  readonly bytes: number;
  unit(f: Func): FlatUnit;
}

/** Prepares the functions that a kernel's flat windows take. */
export function flatBlocks({ module, features }: KernelContext, s: FlatLayout): FlatBlocks {
  const columns = tileColumns(features), outRow = 4 * columns, leftRow = 4 * s.channels;
  const leftBlock = MIDDLES * leftRow, outBlock = MIDDLES * outRow;
  const { capacity, down, across, lastHeight, lastWidth, algorithm: { tile } } = s.blocks;
  // A word for each block, then middle pixels, then their products, of those with flat windows.
  const lefts = s.start + Math.ceil(4 * capacity / 64) * 64, outs = lefts + capacity * leftBlock;
  const windows = module.add(flatWindows(module, s.channels, s.image));
  const middles = module.add(storeMiddles(features, s.channels, s.image));
  const product = module.add(productTile(features, {
    rows: MIDDLES,
    columns,
    depth: s.channels,
    leftRow,
    lines: 1,
    leftLine: leftRow,
    outRow,
  }));
  const mended = tiles((channels, height, width) =>
    module.add(mendFlat(channels, outRow, s.result, height, width))
  );
  return {
    bytes: outs + capacity * outBlock - s.start,
    unit(f) {
      const [word, bits, left, end, out, right] = f.locals("i32", 6);
      const point = (to: Local, offset: number) => f.get(LOCAL).plus(offset).set(to);
      return {
        begin() {
          point(word, s.start);
          point(end, lefts);
        },
        find(pointer, row, column) {
          f.get(pointer).call(windows).tee(bits).when(() => {
            const keep = (at: () => void, last: number, outputs: number) => {
              at();
              f.i32(last).op("i32.eq").when(() => f.get(bits).i32(outputs).op("i32.and").set(bits));
            };
            if (lastHeight < tile) keep(row, down - 1, firstOutputs(lastHeight, tile));
            if (lastWidth < tile) keep(column, across - 1, firstOutputs(tile, lastWidth));
            f.get(bits).when(() => f.get(pointer, end).call(middles).advance(end, leftBlock));
          });
          f.get(word, bits).access("i32.store").advance(word, 4);
        },
        multiply(weights) {
          point(out, outs);
          f.get(weights).plus(FLAT_PRODUCT * s.weights).set(right);
          point(left, lefts);
          f.while(left, end, leftBlock, () => {
            f.get(left, right, out).call(product).advance(out, outBlock);
          });
          point(word, s.start);
          point(out, outs);
        },
        next() {
          f.get(word).access("i32.load").set(bits).advance(word, 4);
        },
        mend(to, channels, height, width) {
          f.get(bits).when(() => {
            f.get(bits, out, to).call(mended(channels, height, width)).advance(out, outBlock);
          });
        },
      };
    },
  };
}
