/**
 * Exact outputs for flat windows in blocks of F(4×4): found while blocks are transformed, multiplied panel
 * by panel, and stored over the blocks' outputs.
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
  MIDDLES,
  storeFlat,
  storeMiddles,
} from "./flat_windows.ts";
import type { Grid } from "./transforms.ts";

/** The blocks of a unit, and their memory layout. */
export interface FlatLayout {
  readonly channels: number;
  readonly blocks: Blocks;
  /** The memory layout of images and results. */
  readonly image: Grid;
  readonly result: Grid;
  /** The offset of their scratch memory in the thread's, and the bytes between products of the weights. */
  readonly start: number;
  readonly weights: number;
}

/** Emits the code for one unit, to be called in this order. */
export interface FlatUnit {
  /** Starts a unit. */
  begin(): void;
  /**
   * Records the flat windows of the next block, whose inputs are at `pointer`; `row` and `column` of blocks
   * determine whether it overhangs the image.
   */
  find(pointer: Local, row: () => void, column: () => void): void;
  /** Multiplies by a panel of weights, and rewinds to the first block. */
  multiply(weights: Local): void;
  /** Advances to the next block, before `fix`. */
  next(): void;
  /** Overwrites the block's outputs at `to` for flat windows, if it has any. */
  fix(to: Local, channels: number, height: number, width: number): void;
}

/** The handling of flat windows in the blocks of a unit. */
export interface FlatBlocks {
  /** Bytes of the thread's scratch memory, from `start` on. */
  readonly bytes: number;
  unit(f: Func): FlatUnit;
}

/** Adds the functions for a kernel's flat windows. */
export function flatBlocks({ module, features }: KernelContext, s: FlatLayout): FlatBlocks {
  const columns = tileColumns(features), outRow = 4 * columns, leftRow = 4 * s.channels;
  const leftBlock = MIDDLES * leftRow, outBlock = MIDDLES * outRow;
  const { capacity, down, across, lastHeight, lastWidth, algorithm: { tile } } = s.blocks;
  // A word for each block, followed by the middle pixels of blocks with flat windows, and their products.
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
  const fixers = tiles((channels, height, width) =>
    module.add(storeFlat(channels, outRow, s.result, height, width))
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
        fix(to, channels, height, width) {
          f.get(bits).when(() => {
            f.get(bits, out, to).call(fixers(channels, height, width)).advance(out, outBlock);
          });
        },
      };
    },
  };
}
