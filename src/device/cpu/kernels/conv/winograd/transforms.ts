/**
 * Functions that transform blocks into Winograd's domain and back, all channels of a block at a time.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/function.ts";
import type { Features } from "../../../features.ts";
import { type Algorithm, alongBoth, type TransformName } from "./algorithm.ts";
import type { Blocks } from "./blocks.ts";
import type { BlockStrides } from "./native_transforms.ts";

/** The memory layout of an image: the row and pixel strides in bytes. */
export interface Grid {
  readonly row: number;
  readonly pixel: number;
}

/** The memory layout of transformed blocks, [product][block][channel]: the product and block strides in bytes. */
export interface Domain {
  readonly product: number;
  readonly block: number;
}

/** A layout for so many blocks; strides that map to few cache sets are avoided. */
export function domainOf(blocks: number, channels: number): Domain {
  const bytes = 16 * Math.ceil(channels / 4), block = bytes % 2048 === 0 ? bytes + 64 : bytes;
  const product = block * blocks;
  return { block, product: product % 512 === 0 ? product + 64 : product };
}

/** A transform of rows of blocks. */
export interface BlockTransform {
  readonly name: TransformName;
  readonly blocks: Blocks;
  readonly channels: number;
  readonly from: BlockStrides;
  readonly to: BlockStrides;
}

/** The strides of blocks in images. */
export const imageStrides = ({ y, x }: Algorithm, { row, pixel }: Grid): BlockStrides => ({
  row,
  column: pixel,
  line: y.tile * row,
  block: x.tile * pixel,
});

/** The strides of transformed blocks, `width` products in a row. */
export const domainStrides = (
  { product, block }: Domain,
  width: number,
  { across }: Blocks,
): BlockStrides => ({ row: width * product, column: product, line: across * block, block });

/** Runs `body` for all vectors of so many channels: in pairs where the engine fuses them. */
export function eachVector(
  f: Func,
  { wide }: Features,
  channels: number,
  pointers: readonly Local[],
  body: (vectors: number, channels: number) => void,
) {
  const together = wide ? 2 : 1, step = 4 * together, part = f.local("i32");
  const advance = (vectors: number) => pointers.forEach((p) => f.advance(p, 16 * vectors));
  f.count(part, Math.floor(channels / step), () => {
    body(together, step);
    advance(together);
  });
  for (let left = channels % step; left > 0; left -= 4) {
    body(1, Math.min(4, left));
    advance(1);
  }
}

/** A function (from, to) that transforms one block, and stores the first `height` by `width` elements. */
export function blockFunction(
  features: Features,
  { y, x }: Algorithm,
  name: TransformName,
  { channels, from: source, to: target }: Pick<BlockTransform, "channels" | "from" | "to">,
  height: number,
  width: number,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2);
  eachVector(f, features, channels, [from, to], (vectors, lanes) => {
    alongBoth(f, features, [y[name], x[name]], (row, column) => {
      const value = f.locals("v128", vectors), at = row * source.row + column * source.column;
      value.forEach((local, v) => f.get(from).access("v128.load", at + 16 * v).set(local));
      return value;
    }, (row, column, value) => {
      if (row >= height || column >= width) return;
      const at = row * target.row + column * target.column;
      value.forEach((local, v) => storeChannels(f, to, local, at + 16 * v, lanes - 4 * v));
    });
  });
  return f;
}

/** Stores a vector, or its first lanes if there are fewer channels. */
export function storeChannels(f: Func, to: Local, vector: Local, at: number, channels: number) {
  if (channels >= 4) f.get(to, vector).access("v128.store", at);
  else for (let i = 0; i < channels; i++) f.get(to, vector).storeLane(i, at + 4 * i);
}
