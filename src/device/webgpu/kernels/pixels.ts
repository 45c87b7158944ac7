/**
 * Images as kernels without tiles read them: four channels of a pixel at a time, from a texture where those are
 * faster than buffers, else from a buffer.
 *
 * @module
 */
import { sizeOf } from "../../../shape.ts";
import { image as imageAccessor, load, scratchImage } from "./accessors.ts";
import type { Dispatch, KernelContext, Load, Scratch } from "./kernel.ts";
import { directImage, type Image, padImage } from "./software/correlation_image.ts";

/** How a kernel reads the pixels of an argument. */
export interface Pixels {
  /** What the dispatch that reads them binds. */
  readonly loads: readonly Load[];
  readonly images: NonNullable<Dispatch["images"]>;
  /** The scratch and the dispatch that lay the image out first, if that is necessary. */
  readonly scratch: readonly Scratch[];
  readonly before: readonly Dispatch[];
  /**
   * The text of four channels, zeros outside the image.
   *
   * @param n An image, `u32`.
   * @param y A row, `i32`; likewise `x`.
   * @param quad A group of four channels, `u32`; what is beyond the last channel is undefined.
   */
  read(n: string, y: string, x: string, quad: string): string;
}

/**
 * The pixels of an argument [batch, height, width, channels].
 *
 * @param scratch The number of scratch buffers that the kernel has already.
 */
export function pixelsOf(
  context: KernelContext,
  argument: 0 | 1,
  shape: readonly [batch: number, height: number, width: number, channels: number],
  scratch: number,
): Pixels {
  return texels(context, argument, shape, scratch) ?? elements(context, argument, shape);
}

type ImageShape = Parameters<typeof pixelsOf>[2];

/** The condition of a pixel to be in an image. */
const isInside = (height: number, width: number) => (y: string, x: string): string =>
  `${y} >= 0 && ${y} < ${height} && ${x} >= 0 && ${x} < ${width}`;

/** Pixels in a texture; undefined where buffers are as fast, or none is large enough. */
function texels(
  context: KernelContext,
  argument: 0 | 1,
  [batch, height, width, channels]: ImageShape,
  place: number,
): Pixels | undefined {
  if (!context.fewPipelines || context.slowCompiler) return undefined;
  const image: Image = { batch, height, width, groups: 1, groupIn: channels };
  const size = directImage(context, image, argument);
  const padded = size ? undefined : padImage(context, image, argument);
  if (!size && !padded) return undefined;
  const texel = size ? imageAccessor(argument) : scratchImage(place);
  const quads = Math.ceil(channels / 4), inside = isInside(height, width);
  return {
    loads: size ? [{ argument, width: 4, image: size }] : [],
    images: padded ? [{ scratch: place, size: padded.size }] : [],
    scratch: padded ? [{ size: 4 * sizeOf(padded.size) }] : [],
    before: padded ? [{ ...padded.dispatch, writes: { scratch: place, width: 4 } }] : [],
    read(n, y, x, quad) {
      const value = `${texel}(${x} * ${quads} + i32(${quad}), ${y}, ${n})`;
      return context.zerosOutside
        ? value
        : `select(vec4<f32>(), ${value}, vec4<bool>(${inside(y, x)}))`;
    },
  };
}

/** Pixels in a buffer. */
function elements(
  { vectorized }: KernelContext,
  argument: 0 | 1,
  [, height, width, channels]: ImageShape,
): Pixels {
  const fours = vectorized[argument]! && channels % 4 === 0, inside = isInside(height, width);
  return {
    loads: [{ argument, width: fours ? 4 : 1 }],
    images: [],
    scratch: [],
    before: [],
    read(n, y, x, quad) {
      const row = `u32(clamp(${y}, 0, ${height - 1}))`,
        column = `u32(clamp(${x}, 0, ${width - 1}))`;
      const pixel = `((${n} * ${height}u + ${row}) * ${width}u + ${column})`;
      const parts = [0, 1, 2, 3].map((e) =>
        `${load(argument)}(${pixel} * ${channels}u + min(${quad} * 4u + ${e}u, ${channels - 1}u))`
      );
      const value = fours
        ? `${load(argument, 4)}(${pixel} * ${channels / 4}u + ${quad})`
        : `vec4<f32>(${parts.join(", ")})`;
      return `select(vec4<f32>(), ${value}, vec4<bool>(${inside(y, x)}))`;
    },
  };
}
