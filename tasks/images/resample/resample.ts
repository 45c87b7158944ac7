/**
 * Bilinear resampling of bytes, with the bits of Pillow's `resize(size, BILINEAR)`, which torchvision's
 * transforms of pictures call: columns first, then rows, each rounded to bytes.
 *
 * @module
 */
import { resamplingLoops, SLACK } from "./code.ts";
import { axisWeights } from "./weights.ts";

/** Bytes of a picture, [height, width, channels]. */
export interface Bytes {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly pixels: Uint8Array;
}

/** A rectangle of pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The size that a picture is resampled to, and the part of it that is computed. */
export interface Resized {
  readonly width: number;
  readonly height: number;
  /** All if left out. */
  readonly part?: Box | undefined;
}

/** Bytes of a picture's rows that are copied to the loops at once. */
const BAND = 2 ** 20;

const aligned = (bytes: number) => Math.ceil((bytes + SLACK) / 16) * 16;

/** The places of arrays in memory, one after another, and the bytes of all. */
function placed(...bytes: readonly number[]): readonly number[] {
  const places = [0];
  for (const each of bytes) places.push(places.at(-1)! + aligned(each));
  return places;
}

/** Rows of a picture that are copied: `needed` bytes of each, from a byte on. */
interface Rows {
  readonly first: number;
  readonly rows: number;
  readonly from: number;
  readonly needed: number;
}

/** Copies rows one after another, at once where all of each is needed. */
function copyRows(
  { width, channels, pixels }: Bytes,
  { first, rows, from, needed }: Rows,
  copy: (part: Uint8Array, at: number) => void,
): void {
  const stride = width * channels, start = first * stride + from;
  if (needed === stride) return copy(pixels.subarray(start, start + rows * stride), 0);
  for (let row = 0; row < rows; row++) {
    const at = start + row * stride;
    copy(pixels.subarray(at, at + needed), row * needed);
  }
}

/**
 * The bytes of a picture, resampled, [part.height, part.width, channels]. Beyond the picture, it takes memory
 * for a band of rows and for the needed rows at their new width.
 */
export function resample(picture: Bytes, resized: Resized): Uint8Array<ArrayBuffer> {
  const { channels } = picture, { width, height } = resized;
  const { part = { left: 0, top: 0, width, height } } = resized;
  const across = axisWeights({
    pixels: picture.width,
    wanted: width,
    from: part.left,
    length: part.width,
  });
  const down = axisWeights({
    pixels: picture.height,
    wanted: height,
    from: part.top,
    length: part.height,
  });
  const { functions, bytes } = resamplingLoops();
  const needed = (across.high - across.low) * channels, narrow = part.width * channels;
  const inBand = Math.max(1, Math.floor(BAND / needed)), tall = down.high - down.low;
  const tables = [across.first, across.weights, down.weights] as const;
  const [columns, out, band, first, weights, rowWeights, end] = placed(
    // Weights of zero at the end of others reach beyond the pixels.
    (tall + down.count) * narrow,
    part.height * narrow,
    Math.min(inBand, tall) * needed + across.count * channels,
    ...tables.map(({ byteLength }) => byteLength),
  ) as [number, number, number, number, number, number, number];
  const memory = bytes(end);
  const starts = across.first.map((pixel) => (pixel - across.low) * channels);
  memory.set(new Uint8Array(starts.buffer), first);
  memory.set(new Uint8Array(across.weights.buffer), weights);
  memory.set(new Uint8Array(down.weights.buffer), rowWeights);

  const columnsOf = functions[`columns${channels}`]!;
  for (let y = 0; y < tall; y++) {
    const inside = y % inBand;
    if (inside === 0) {
      const rows = Math.min(tall - y, inBand);
      copyRows(
        picture,
        { first: down.low + y, rows, from: across.low * channels, needed },
        (part, at) => memory.set(part, band + at),
      );
    }
    const to = columns + y * narrow;
    columnsOf(band + inside * needed, to, to + narrow, first, weights, across.count);
  }
  for (let y = 0; y < part.height; y++) {
    const from = columns + (down.first[y]! - down.low) * narrow, to = out + y * narrow;
    const at = rowWeights + 4 * y * down.count;
    functions.rows!(from, narrow, to, to + narrow, at, down.count);
  }
  return memory.slice(out, out + part.height * narrow);
}
