/**
 * Reads images as the inputs of blocks.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../../kernel.ts";
import type { Bands } from "../bands.ts";
import {
  type BandAt,
  isReadInPlace,
  layoutBytes,
  layoutFunction,
  pointInPlace,
} from "../layout.ts";
import type { AxisAlgorithm } from "./algorithm.ts";
import type { Blocks } from "./blocks.ts";

/** Reads images as blocks, with their padding, and zeros up to whole blocks. */
export interface BlockReader {
  /** Bytes from pixel to pixel and from row to row. */
  readonly pixel: number;
  readonly row: number;
  /** Bytes of the thread's scratch memory, from `start` on, for the layout of images. */
  readonly bytes: number;
  /** Sets `pointer` to an image's rows of blocks from `first` on. */
  point(f: Func, at: BandAt): void;
}

/** The pixels that a block reads along an axis: as many as its inputs, or as its outputs. */
export type BlockSpan = (axis: AxisAlgorithm) => number;

/**
 * A reader of an operand's blocks.
 *
 * @param start The offset of its scratch memory in the thread's, in bytes.
 */
export function blockReader(
  context: KernelContext,
  g: ConvGeometry,
  b: Blocks,
  operand: KernelOperand,
  span: BlockSpan,
  start: number,
): BlockReader {
  const { y, x } = b.algorithm, whole = wholeBlocks(g, b, span), reach = span(y) - y.tile;
  const pixel = 4 * g.channels, row = pixel * (whole.x.out + span(x) - x.tile);
  const bytes = row * (b.rows * y.tile + reach);
  const bands: Bands = { rows: b.rows * y.tile, count: b.bands, pixel, row, group: bytes, bytes };
  const firstRow = (f: Func, first: Local): Local => {
    const from = f.local("i32");
    f.get(first).times(y.tile).set(from);
    return from;
  };
  if (isReadInPlace(whole, operand) && whole.y.out + reach <= g.y.size) {
    return {
      pixel,
      row,
      bytes: 0,
      point: (f, { image, first, pointer }) =>
        pointInPlace(f, whole, bands, operand, { image, first: firstRow(f, first), pointer }),
    };
  }
  const layout = layoutFunction(context, whole, bands, operand);
  return {
    pixel,
    row,
    bytes: Math.ceil(layoutBytes(whole, bands) / 64) * 64,
    point(f, { image, first, rows, pointer }) {
      const from = firstRow(f, first);
      f.get(LOCAL).plus(start).set(pointer);
      f.get(TABLE, pointer, image, from).get(rows).times(y.tile).plus(reach).call(layout);
    },
  };
}

/** The geometry, in one group, of a convolution whose windows span a block's pixels and fill whole blocks. */
function wholeBlocks(g: ConvGeometry, b: Blocks, span: BlockSpan): ConvGeometry {
  const { y, x } = b.algorithm;
  return {
    ...g,
    groups: 1,
    groupIn: g.channels,
    groupOut: g.outChannels,
    y: { ...g.y, kernel: span(y) - y.tile + 1, out: b.down * y.tile },
    x: { ...g.x, kernel: span(x) - x.tile + 1, out: b.across * x.tile },
  };
}
