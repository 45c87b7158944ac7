/**
 * From a picture to the bytes that a net sees, as torchvision's transforms make them: `Resize`,
 * `CenterCrop`, `RandomResizedCrop` (torchvision/transforms/transforms.py, functional.py).
 *
 * @module
 */
import { bitsAt, intAt, type KeyData } from "../../src/threefry.ts";
import type { Picture } from "./canvas.ts";
import { type Box, type Bytes, resample } from "./resample/resample.ts";

/** The size of an image: rows, columns, and bytes per pixel. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

type Extent = Pick<ImageSize, "height" | "width">;

/** The weights of red, green and blue in luma (ITU-R BT.601), as Pillow rounds them, and their sum's fraction. */
const LUMA = [19_595, 38_470, 7_471] as const, FRACTION = 16;

/**
 * A picture's pixels as bytes of gray, or of red, green and blue, on white where it is not opaque. Gray is
 * Pillow's mode `L`.
 */
export function toBytes(picture: Picture, channels: number): Bytes {
  const { width, height, channels: stored, pixels } = picture;
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`toBytes: expected 1 or 3 channels, found ${channels}`);
  }
  if (stored === channels && pixels instanceof Uint8Array) {
    return { width, height, channels, pixels };
  }
  const bytes = new Uint8Array(width * height * channels), color = stored > 2;
  const opaque = stored % 2 === 1, seen = [0, 0, 0];
  for (let from = 0, to = 0; to < bytes.length; from += stored, to += channels) {
    const opacity = opaque ? 1 : pixels[from + stored - 1]! / 255;
    for (let c = 0; c < 3; c++) {
      const value = pixels[from + (color ? c : 0)]!;
      seen[c] = Math.round(opacity * value + 255 * (1 - opacity));
    }
    if (channels === 3) bytes.set(seen, to);
    else {
      const [red, green, blue] = LUMA;
      const sum = red * seen[0]! + green * seen[1]! + blue * seen[2]! + (1 << FRACTION - 1);
      bytes[to] = sum >> FRACTION;
    }
  }
  return { width, height, channels, pixels: bytes };
}

/** A box of a picture's bytes. */
export function cropBytes({ width, channels, pixels }: Bytes, box: Box): Bytes {
  const row = box.width * channels, cut = new Uint8Array(box.height * row);
  for (let y = 0; y < box.height; y++) {
    const from = ((box.top + y) * width + box.left) * channels;
    cut.set(pixels.subarray(from, from + row), y * row);
  }
  return { width: box.width, height: box.height, channels, pixels: cut };
}

/** The nearest integer, the even one of two, as Python rounds. */
const roundHalfEven = (value: number): number => {
  const low = Math.floor(value), rest = value - low;
  return rest === 0.5 ? low + low % 2 : Math.round(value);
};

/** The size of a picture whose shorter side, in the proportions of `wanted`, is resized to that of `wanted`. */
function coveringSize(picture: Extent, wanted: Extent): Extent {
  const byWidth = picture.width * wanted.height <= picture.height * wanted.width;
  return byWidth
    ? { width: wanted.width, height: Math.trunc(wanted.width * picture.height / picture.width) }
    : { width: Math.trunc(wanted.height * picture.width / picture.height), height: wanted.height };
}

/**
 * The bytes of a picture resized so that its shorter side fits, and of that the center, [height, width,
 * channels]: torchvision's `Resize(side)` and `CenterCrop(side)`.
 */
export function resizeAndCrop(picture: Bytes, wanted: Extent): Uint8Array<ArrayBuffer> {
  const resized = coveringSize(picture, wanted);
  const left = roundHalfEven((resized.width - wanted.width) / 2);
  const top = roundHalfEven((resized.height - wanted.height) / 2);
  const part = { left, top, width: wanted.width, height: wanted.height };
  return resample(picture, { ...resized, part });
}

/** Shares of a picture's area, and proportions of its parts, from which random parts are drawn. */
export const PART_AREAS = [0.08, 1] as const, PART_RATIOS = [3 / 4, 4 / 3] as const;

/** How often a part is drawn that does not fit, before the center is taken. */
const TRIES = 10;

/** The largest central part whose proportions are allowed. */
export function centralPart({ width, height }: Extent): Box {
  const [least, most] = PART_RATIOS, ratio = width / height;
  const part = ratio < least
    ? { width, height: roundHalfEven(width / least) }
    : ratio > most
    ? { width: roundHalfEven(height * most), height }
    : { width, height };
  return {
    left: Math.floor((width - part.width) / 2),
    top: Math.floor((height - part.height) / 2),
    ...part,
  };
}

/**
 * The size of a random part of a picture: of an area drawn evenly from 8 % to all of it, of proportions from
 * 3:4 to 4:3, evenly by their logarithms; undefined where no drawn one fits (torchvision's
 * `RandomResizedCrop.get_params`).
 *
 * @param draw The random number of an index, from 0 to below 1.
 */
export function randomPartSize(
  picture: Extent,
  draw: (index: number) => number,
): Extent | undefined {
  const [smallest, largest] = PART_AREAS,
    [narrow, wide] = PART_RATIOS.map(Math.log) as [
      number,
      number,
    ];
  const uniform = (index: number, low: number, high: number) => low + (high - low) * draw(index);
  for (let index = 0; index < 2 * TRIES; index += 2) {
    const area = picture.width * picture.height * uniform(index, smallest, largest);
    const ratio = Math.exp(uniform(index + 1, narrow, wide));
    const width = roundHalfEven(Math.sqrt(area * ratio));
    const height = roundHalfEven(Math.sqrt(area / ratio));
    const fits = width <= picture.width && height <= picture.height;
    if (fits && width > 0 && height > 0) return { width, height };
  }
}

/** A random part of a picture, by a key: of {@linkcode randomPartSize} anywhere, else {@linkcode centralPart}. */
export function randomPart(picture: Extent, key: KeyData): Box {
  const size = randomPartSize(picture, (index) => bitsAt(key, index) / 2 ** 32);
  if (!size) return centralPart(picture);
  const top = intAt(key, 2 * TRIES, picture.height - size.height + 1);
  const left = intAt(key, 2 * TRIES + 1, picture.width - size.width + 1);
  return { left, top, ...size };
}
