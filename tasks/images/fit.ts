/**
 * Converting a picture to a net's input: its channels, then its size, then bytes.
 *
 * @module
 */
import { bilinearTaps, type Taps } from "../../src/data/bilinear.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { Picture } from "./picture.ts";

/** The size of an image. */
export type ImageSize = Pick<Dataset, "height" | "width" | "channels">;

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

/** The central part of a picture with the aspect ratio of a size. */
function centralPart(
  { width, height, channels, pixels }: Picture,
  size: Pick<ImageSize, "height" | "width">,
): Picture {
  const by = Math.min(width / size.width, height / size.height);
  const part = {
    width: Math.max(1, Math.round(by * size.width)),
    height: Math.max(1, Math.round(by * size.height)),
  };
  const left = Math.floor((width - part.width) / 2), top = Math.floor((height - part.height) / 2);
  const row = part.width * channels, cut = new Float32Array(part.height * row);
  for (let y = 0, at = 0; y < part.height; y++) {
    const from = ((top + y) * width + left) * channels;
    for (let i = 0; i < row; i++) cut[at++] = pixels[from + i]!;
  }
  return { ...part, channels, pixels: cut };
}

/** As {@linkcode fitPicture}, of the largest central part with the aspect ratio of the size: nothing is stretched. */
export const coverPicture = (picture: Picture, size: ImageSize): Uint8Array<ArrayBuffer> =>
  fitPicture(centralPart(picture, size), size);
