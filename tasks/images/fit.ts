/**
 * A picture made to fit a net's input: its colours, then its size, then bytes.
 *
 * @module
 */
import type { ImageSize } from "../../src/train/mod.ts";
import type { Picture } from "./picture.ts";

/** The shares of red, green and blue in the grey of a colour (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Grey or red, green, blue, on white where the picture is not opaque: [height, width, channels]. */
function coloured({ width, height, channels, pixels }: Picture, wanted: number): Float32Array {
  const out = new Float32Array(width * height * wanted), colour = channels > 2;
  for (let i = 0, from = 0; i < width * height; i++, from += channels) {
    const opacity = channels % 2 === 0 ? pixels[from + channels - 1] / 255 : 1;
    const at = (c: number) => opacity * pixels[from + (colour ? c : 0)] + 255 * (1 - opacity);
    if (wanted === 3) { for (let c = 0; c < 3; c++) out[3 * i + c] = at(c); }
    else out[i] = colour ? LUMA[0] * at(0) + LUMA[1] * at(1) + LUMA[2] * at(2) : at(0);
  }
  return out;
}

/** Places of a row and their shares in one place of the new row. */
type Taps = readonly (readonly [from: number, share: number])[];

/**
 * Bilinear interpolation from `length` places to `wanted`; where there get fewer, its triangle is as
 * much wider, so that every place counts.
 */
function tapsOf(length: number, wanted: number): Taps[] {
  const step = length / wanted, reach = Math.max(step, 1);
  return Array.from({ length: wanted }, (_, to) => {
    const centre = (to + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(length - 1, Math.floor(centre + reach));
    const taps: [number, number][] = [];
    for (let from = first; from <= last; from++) {
      const share = 1 - Math.abs(from - centre) / reach;
      if (share > 0) taps.push([from, share]);
    }
    const sum = taps.reduce((total, [, share]) => total + share, 0);
    return taps.map(([from, share]) => [from, share / sum]);
  });
}

/** Resamples the middle axis of [outer, length, inner]. */
function resampled(x: Float32Array, outer: number, inner: number, taps: readonly Taps[]) {
  const length = x.length / outer / inner, out = new Float32Array(outer * taps.length * inner);
  for (let o = 0; o < outer; o++) {
    taps.forEach((places, to) => {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (const [from, share] of places) sum += share * x[(o * length + from) * inner + i];
        out[(o * taps.length + to) * inner + i] = sum;
      }
    });
  }
  return out;
}

/**
 * The bytes of a picture as an image of a size, [height, width, channels]. It is stretched where its
 * proportions are others.
 */
export function fitted(picture: Picture, size: ImageSize): Uint8Array<ArrayBuffer> {
  const { height, width, channels } = size;
  const colours = coloured(picture, channels);
  const narrow = resampled(colours, picture.height, channels, tapsOf(picture.width, width));
  const small = resampled(narrow, 1, width * channels, tapsOf(picture.height, height));
  return Uint8Array.from(small, (value) => Math.min(255, Math.max(0, Math.round(value))));
}
