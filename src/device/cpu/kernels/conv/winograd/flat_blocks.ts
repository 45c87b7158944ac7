/**
 * Exact outputs for flat windows in blocks of F(4×4): found while blocks are transformed, multiplied by
 * columns of weights, and stored over the blocks' outputs.
 *
 * Beside a range's transformed blocks lie the number of blocks with flat windows, a bit mask of each block's
 * flat windows, and the middle pixels of those that have any.
 *
 * @module
 */
import type { Func, Local } from "../../../wasm/function.ts";
import type { KernelContext } from "../../../kernel.ts";
import { type Extent, multiply } from "../../product/mod.ts";
import { type BlockPlace, type Blocks, bySize } from "./blocks.ts";
import {
  firstOutputs,
  FLAT_PRODUCT,
  flatWindows,
  MIDDLES,
  storeFlat,
  storeMiddles,
} from "./flat_windows.ts";
import type { Grid } from "./transforms.ts";

/** The flat windows of a range's blocks. */
export interface FlatBlocks {
  /** Bytes beside a range's transformed blocks. */
  readonly bytes: number;
  /** Emits the code that finds flat windows. */
  finder(f: Func): FlatFinder;
  /** Emits the code that gives them exact outputs. */
  fixer(f: Func, result: FlatResult): FlatFixer;
}

/** To be called for a range in this order. */
export interface FlatFinder {
  /** Starts a range, whose flat windows are recorded at `at`. */
  begin(at: Local): void;
  /** Records the flat windows of the next block, whose inputs are at `pointer`. */
  find(pointer: Local, place: BlockPlace): void;
  end(at: Local): void;
}

/** The products with weights, and where their results are stored. */
export interface FlatResult {
  readonly columns: number;
  /** Bytes between the weights of products, of channels, and of panels of columns. */
  readonly weights: Readonly<Record<"product" | "step" | "panel", number>>;
  /** Whether products are added to those of other channels. */
  readonly accumulates: boolean;
  /** Bytes between the results of middle pixels. */
  readonly outRow: number;
  readonly grid: Grid;
}

/** To be called for a range and its columns in this order. */
export interface FlatFixer {
  /** Multiplies `depth` channels of the middle pixels, `offset` bytes from the first, by the weights. */
  multiply(at: Local, offset: Local, weights: Local, out: Local, depth: Extent): void;
  /** Starts a range. */
  begin(at: Local, out: Local): void;
  /** Overwrites the next block's outputs at `to` for flat windows, if it has any. */
  fix(to: Local, place: BlockPlace): void;
}

/** The bytes of the results of so many blocks' middle pixels. */
export const flatResultBytes = (blocks: number, row: number): number => blocks * MIDDLES * row;

/** Adds the functions for the flat windows of blocks of so many channels. */
export function flatBlocks(
  context: KernelContext,
  channels: number,
  blocks: Blocks,
  image: Grid,
): FlatBlocks {
  const { module, features } = context, row = 16 * Math.ceil(channels / 4);
  const words = 4, middlesAt = Math.ceil((words + 4 * blocks.capacity) / 64) * 64;
  const windows = module.add(flatWindows(module, channels, image));
  const middles = module.add(storeMiddles(features, channels, image, row));
  return {
    bytes: middlesAt + blocks.capacity * MIDDLES * row,
    finder(f) {
      const [word, bits, end, count] = f.locals("i32", 4);
      const keepFirst = (place: BlockPlace) =>
        bySize(f, blocks, place, (height, width) => {
          f.get(bits).i32(firstOutputs(height, width)).op("i32.and").set(bits);
        });
      return {
        begin(at) {
          f.get(at).plus(words).set(word).get(at).plus(middlesAt).set(end).i32(0).set(count);
        },
        find(pointer, place) {
          f.get(pointer).call(windows).tee(bits).when(() => {
            keepFirst(place);
            f.get(bits).when(() => {
              f.get(pointer, end).call(middles).advance(end, MIDDLES * row).advance(count, 1);
            });
          });
          f.get(word, bits).access("i32.store").advance(word, 4);
        },
        end: (at) => f.get(at, count).access("i32.store"),
      };
    },
    fixer(f, { columns, weights, accumulates, outRow, grid }) {
      const [word, bits, left, right, result, rows] = f.locals("i32", 6);
      const store = (height: number, width: number) =>
        module.once(
          JSON.stringify(["flat", columns, outRow, grid, height, width]),
          () => storeFlat(columns, outRow, grid, height, width),
        );
      const shape = {
        leftRow: row,
        leftStep: 4,
        rightStep: weights.step,
        rightPanel: weights.panel,
        outRow,
        accumulates,
      };
      return {
        multiply(at, offset, weight, out, depth) {
          f.get(at).access("i32.load").times(MIDDLES).tee(rows).when(() => {
            f.get(at).plus(middlesAt).get(offset).op("i32.add").set(left);
            f.get(weight).plus(FLAT_PRODUCT * weights.product).set(right);
            multiply(f, context, shape, { left, right, out }, {
              rows: { local: rows },
              columns,
              depth,
            });
          });
        },
        begin: (at, out) => f.get(at).plus(words).set(word).get(out).set(result),
        fix(to, place) {
          f.get(word).access("i32.load").tee(bits).when(() => {
            bySize(f, blocks, place, (height, width) => {
              f.get(bits, result, to).call(store(height, width));
            });
            f.advance(result, MIDDLES * outRow);
          });
          f.advance(word, 4);
        },
      };
    },
  };
}
