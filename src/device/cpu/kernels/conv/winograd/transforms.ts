/**
 * Functions that transform blocks into Winograd's domain and back, all channels of a block at a time.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/function.ts";
import type { Features } from "../../../features.ts";
import { alongBoth } from "./algorithm.ts";
import type { Transform } from "./arithmetic.ts";

/** The transforms of both axes. */
export type Transforms = readonly [y: Transform, x: Transform];

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

/**
 * A function (from, to) that transforms one block. Vectors are read and written whole: what lies beyond the
 * channels is transformed too, and nobody reads it.
 */
export function intoDomain(
  features: Features,
  transforms: Transforms,
  channels: number,
  grid: Grid,
  domain: Domain,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2), width = transforms[1].to;
  eachVector(f, features, channels, [from, to], (vectors) => {
    alongBoth(f, features, transforms, (row, column) => {
      const value = f.locals("v128", vectors), at = row * grid.row + column * grid.pixel;
      value.forEach((local, v) => f.get(from).access("v128.load", at + 16 * v).set(local));
      return value;
    }, (row, column, value) => {
      const at = (row * width + column) * domain.product;
      value.forEach((local, v) => f.get(to, local).access("v128.store", at + 16 * v));
    });
  });
  return f;
}

/** A function (from, to) that transforms one block back, and stores `height` by `width` pixels of it. */
export function outOfDomain(
  features: Features,
  transforms: Transforms,
  channels: number,
  domain: Domain,
  grid: Grid,
  height: number,
  width: number,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2), across = transforms[1].from;
  eachVector(f, features, channels, [from, to], (vectors, lanes) => {
    alongBoth(f, features, transforms, (row, column) => {
      const value = f.locals("v128", vectors), at = (row * across + column) * domain.product;
      value.forEach((local, v) => f.get(from).access("v128.load", at + 16 * v).set(local));
      return value;
    }, (row, column, value) => {
      if (row >= height || column >= width) return;
      const at = row * grid.row + column * grid.pixel;
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
