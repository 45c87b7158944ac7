/**
 * Pictures as arrays of numbers, written row by row by a decoder, and rotated upright in the process.
 *
 * @module
 */

import { grouped } from "../../src/counted.ts";

/** A picture as numbers from 0 to 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Channels: gray; gray and alpha; red, green, blue; or these and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** [height, width, channels]. */
  readonly pixels: ArrayLike<number>;
}

/** The size of a picture as stored in its file. */
export interface Sizes {
  readonly width: number;
  readonly height: number;
  readonly channels: Picture["channels"];
}

type Extent = Omit<Sizes, "channels">;

/** A picture that is too large to decode. */
export class SizeError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "SizeError";
}

/** The most bytes of memory for decoding a picture. */
export const MOST_BYTES = 2 ** 31;

const inGigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** The most pixels of a picture unless told otherwise: those above which Pillow refuses one. */
export const MOST_PIXELS = 178_956_970;

/** Throws a {@linkcode SizeError} where a picture has more pixels than are allowed. */
export function checkPixels({ width, height }: Extent, most = MOST_PIXELS): void {
  if (width * height <= most) return;
  throw new SizeError(
    `expected a picture of at most ${grouped(most)} pixels, found ${width} × ${height}; ` +
      "max-pixels allows more",
  );
}

/** Throws a {@linkcode SizeError} where a picture takes more than {@linkcode MOST_BYTES} to decode. */
export function checkRoom({ width, height }: Extent, bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new SizeError(
    `expected a picture that takes at most ${inGigabytes(MOST_BYTES)} to decode, found ` +
      `${width} × ${height} pixels, which take ${inGigabytes(bytes)}; scale it down first`,
  );
}

/** A picture that is being written. */
export interface Canvas {
  /**
   * Writes pixels of a stored row: those in columns `first`, `first + step`, … are taken in order from
   * `samples`, with `channels` samples per pixel.
   */
  put(row: number, samples: ArrayLike<number>, first?: number, step?: number): void;
  readonly picture: Picture;
}

/**
 * The position of stored pixels in the upright picture, for each value of EXIF's tag Orientation, 1 to 8:
 * the offset from one stored column, and from one stored row, to the next, in upright columns and rows.
 */
const ORIENTATIONS = [
  { across: [1, 0], down: [0, 1] },
  { across: [-1, 0], down: [0, 1] },
  { across: [-1, 0], down: [0, -1] },
  { across: [1, 0], down: [0, -1] },
  { across: [0, 1], down: [1, 0] },
  { across: [0, 1], down: [-1, 0] },
  { across: [0, -1], down: [-1, 0] },
  { across: [0, -1], down: [1, 0] },
] as const;

/**
 * An empty picture.
 *
 * @param orientation EXIF's tag of that name, which says how the stored picture is to be rotated or
 * mirrored; 1 for not at all.
 * @param pixels The buffer for the pixels, [height, width, channels], height and width in either order.
 */
export function createCanvas(
  { width, height, channels }: Sizes,
  orientation: number,
  pixels: Uint8Array | Float32Array,
): Canvas {
  const { across, down } = ORIENTATIONS[orientation - 1] ?? ORIENTATIONS[0];
  const rotated = across[0] === 0, upright = rotated ? height : width;
  const stepX = (across[0] + across[1] * upright) * channels;
  const stepY = (down[0] + down[1] * upright) * channels;
  const origin = Math.max(0, -stepX) * (width - 1) + Math.max(0, -stepY) * (height - 1);
  const put: Canvas["put"] = (row, samples, first = 0, step = 1) => {
    let to = origin + row * stepY + first * stepX;
    const skip = step * stepX;
    for (let from = 0; from < samples.length; to += skip) {
      for (let c = 0; c < channels; c++) pixels[to + c] = samples[from++]!;
    }
  };
  const sizes = rotated ? { width: height, height: width } : { width, height };
  return { put, picture: { ...sizes, channels, pixels } };
}
