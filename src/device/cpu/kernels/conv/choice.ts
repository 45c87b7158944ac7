/**
 * Where Winograd's algorithms are the better ones.
 *
 * @module
 */
import type { Features } from "../../features.ts";
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { type Algorithm, F2, F4 } from "./winograd/algorithm.ts";

/**
 * How much of F(2×2)'s products F(4×4) may make at most: where blocks of 4 overhang the image, the smaller
 * ones are as fast, and they round ten times less.
 */
const SHARE = 0.9;

const suits = (c: ConvGeometry) =>
  c.y.kernel === 3 && c.x.kernel === 3 && c.y.stride === 1 && c.x.stride === 1 &&
  c.y.spacing === 1 && c.x.spacing === 1 &&
  c.y.dilation === 1 && c.x.dilation === 1 && c.groups === 1 && c.groupIn % 8 === 0 &&
  c.groupOut % 8 === 0;

/** Products of a channel of an image with a channel of a result. */
const productsOf = (c: ConvGeometry, { tile, size }: Algorithm) =>
  Math.ceil(c.y.out / tile) * Math.ceil(c.x.out / tile) * size * size;

/**
 * The algorithm for a correlation; undefined where windows are multiplied out. Measured, the one with
 * fewest products is the fastest for every size of image, and both beat direct convolution from 8 channels
 * on (`deno task bench --only winograd`).
 */
export function algorithmFor({ winograd }: Features, c: ConvGeometry): Algorithm | undefined {
  if (winograd === "off" || !suits(c)) return undefined;
  if (winograd === "F2") return F2;
  if (winograd === "F4") return F4;
  return productsOf(c, F4) < SHARE * productsOf(c, F2) ? F4 : F2;
}
