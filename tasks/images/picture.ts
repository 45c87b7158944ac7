/**
 * Pictures from PNG and JPEG files.
 *
 * @module
 */
import { TaskError } from "../command.ts";
import { type FastPng, type JpegJs, packageOf } from "./packages.ts";

/** A picture as numbers from 0 to 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Numbers a pixel: grey; grey and opacity; red, green, blue; or these and opacity. */
  readonly channels: 1 | 2 | 3 | 4;
  /** [height, width, channels]. */
  readonly pixels: ArrayLike<number>;
}

/** The values of grey pixels of fewer than 8 bits. */
const greys = (depth: number) =>
  Array.from({ length: 2 ** depth }, (_, value) => [255 * value / (2 ** depth - 1)]);

function fromPng({ decode, convertIndexedToRgb }: FastPng, bytes: Uint8Array): Picture {
  const png = decode(bytes), { width, height, depth, data } = png;
  if (png.palette) {
    const channels = png.palette[0].length as 3 | 4;
    return { width, height, channels, pixels: convertIndexedToRgb(png) };
  }
  const channels = png.channels as Picture["channels"];
  if (depth === 8) return { width, height, channels, pixels: data };
  const pixels = depth === 16
    ? Float32Array.from(data, (value) => value / 257)
    : convertIndexedToRgb({ ...png, palette: greys(depth) });
  return { width, height, channels, pixels };
}

function fromJpeg({ decode }: JpegJs, bytes: Uint8Array): Picture {
  const { width, height, data } = decode(bytes, { useTArray: true, formatAsRGBA: false });
  return { width, height, channels: 3, pixels: data };
}

/** The first bytes of each kind of file. */
const PNG = [0x89, 0x50, 0x4e, 0x47], JPEG = [0xff, 0xd8, 0xff];

const beginsWith = (bytes: Uint8Array, first: readonly number[]): boolean =>
  first.every((byte, i) => bytes[i] === byte);

async function decoderOf(file: string, bytes: Uint8Array): Promise<() => Picture> {
  if (beginsWith(bytes, PNG)) {
    const png = await packageOf("fast-png");
    return () => fromPng(png, bytes);
  }
  if (beginsWith(bytes, JPEG)) {
    const jpeg = await packageOf("jpeg-js");
    return () => fromJpeg(jpeg, bytes);
  }
  throw new TaskError(`${file}: expected a PNG or JPEG image, found another kind of file`);
}

/** The picture in a file's bytes. Rejects with a {@linkcode TaskError} on damaged ones and other formats. */
export async function pictureOf(file: string, bytes: Uint8Array): Promise<Picture> {
  const decode = await decoderOf(file, bytes);
  try {
    return decode();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : cause;
    throw new TaskError(`${file}: expected a whole image, found a damaged one: ${what}`, { cause });
  }
}

/** Reads a picture. Rejects with a {@linkcode TaskError} where there is none. */
export async function readPicture(file: string): Promise<Picture> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound ? "nothing there" : `${error}`;
    throw new TaskError(`${file}: expected an image file, found ${found}`);
  }
  return await pictureOf(file, bytes);
}
