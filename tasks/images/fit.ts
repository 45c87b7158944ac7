/**
 * Converting a picture to a net's input: its channels, then its size, then bytes.
 *
 * @module
 */
import type { ImageSize } from "../../src/train/mod.ts";
import type { Picture } from "./picture.ts";

/** The weights of red, green and blue in luma (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Converts a row's pixels to gray, or to red, green, blue, on white where the picture is not opaque. */
function colorRow(
  { width, channels, pixels }: Picture,
  y: number,
  wanted: number,
  out: Float64Array,
): void {
  const color = channels > 2, first = y * width * channels;
  for (let i = 0, from = first; i < width; i++, from += channels) {
    const opacity = channels % 2 === 0 ? pixels[from + channels - 1]! / 255 : 1;
    const at = (c: number) => opacity * pixels[from + (color ? c : 0)]! + 255 * (1 - opacity);
    if (wanted === 3) { for (let c = 0; c < 3; c++) out[3 * i + c] = at(c); }
    else out[i] = color ? LUMA[0] * at(0) + LUMA[1] * at(1) + LUMA[2] * at(2) : at(0);
  }
}

/** Pixels of a row and their weights in one pixel of the resampled row. */
type Taps = readonly (readonly [from: number, share: number])[];

/**
 * Bilinear interpolation from `length` pixels to `wanted`; when downsampling, its triangle is widened by the
 * same factor, so that every pixel counts.
 */
function bilinearTaps(length: number, wanted: number): Taps[] {
  const step = length / wanted, reach = Math.max(step, 1);
  return Array.from({ length: wanted }, (_, to) => {
    const center = (to + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(center - reach));
    const last = Math.min(length - 1, Math.floor(center + reach));
    const taps: [number, number][] = [];
    for (let from = first; from <= last; from++) {
      const share = 1 - Math.abs(from - center) / reach;
      if (share > 0) taps.push([from, share]);
    }
    const sum = taps.reduce((total, [, share]) => total + share, 0);
    return taps.map(([from, share]) => [from, share / sum]);
  });
}

/** For each pixel, the resampled pixels that it has a weight in. */
function transposeTaps(taps: readonly Taps[], length: number): Taps[] {
  const shares = Array.from({ length }, (): [number, number][] => []);
  taps.forEach((places, to) => places.forEach(([from, share]) => shares[from]!.push([to, share])));
  return shares;
}

/** Resamples a row of pixels to a new width. */
function resampleRow(
  row: Float64Array,
  channels: number,
  taps: readonly Taps[],
  out: Float64Array,
) {
  taps.forEach((places, to) => {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (const [from, share] of places) sum += share * row[from * channels + c]!;
      out[to * channels + c] = sum;
    }
  });
}

/**
 * The bytes of a picture resized, [height, width, channels]; stretched where the aspect ratio differs. Needs
 * memory for a few rows only, however large the picture is.
 */
export function fitPicture(picture: Picture, size: ImageSize): Uint8Array<ArrayBuffer> {
  const { height, width, channels } = size;
  const across = bilinearTaps(picture.width, width);
  const down = transposeTaps(bilinearTaps(picture.height, height), picture.height);
  const row = new Float64Array(picture.width * channels),
    narrow = new Float64Array(width * channels);
  const sums = new Float64Array(height * width * channels);
  down.forEach((places, y) => {
    if (places.length === 0) return;
    colorRow(picture, y, channels, row);
    resampleRow(row, channels, across, narrow);
    for (const [to, share] of places) {
      for (let i = 0; i < narrow.length; i++) sums[to * narrow.length + i]! += share * narrow[i]!;
    }
  });
  return Uint8Array.from(sums, (value) => Math.min(255, Math.max(0, Math.round(value))));
}
