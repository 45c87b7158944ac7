/**
 * Making a net's images of many files: each decoded by `sharp` where that can be loaded, which is faster, else
 * by this project's decoders, with the same bits.
 *
 * @module
 */
import type { KeyData } from "../../src/threefry.ts";
import type { Sizes } from "./canvas.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg/header.ts";
import {
  checkFormat,
  decodePicture,
  decodingError,
  isJpeg,
  lacksSharp,
  ownDecoder,
} from "./picture.ts";
import { checkStored, type OpenPng, openPng } from "./png.ts";
import { resample } from "./resample/resample.ts";
import type { SharpDecode } from "./sharp.ts";
import { cropBytes, type ImageSize, randomPart, resizeAndCrop, toBytes } from "./transforms.ts";

/** An image to make of a picture. */
export interface Wanted {
  /** Its size. */
  readonly size: ImageSize;
  /** Decides the part of the picture that is resized to it; absent for the center of all of it. */
  readonly key?: KeyData | undefined;
  /** The most pixels of a picture; those above which Pillow refuses one if left out. */
  readonly maxPixels?: number | undefined;
}

/** Bits of deep PNGs, and colors of a JPEG, that this project's decoders read as Pillow does. */
const DEEP = 16, INKS = 4;

/** Whether a PNG's pixels may be of colors that its palette lacks, which `sharp` takes for black. */
const mayLackColors = ({ header: { color, depth }, colors }: OpenPng): boolean =>
  color === "palette" && colors < 2 ** depth;

/**
 * Whether this project's decoder is to be used for a PNG. Throws on one that `sharp` would read in spite of a
 * fault.
 */
function prefersOwnPng(bytes: Uint8Array<ArrayBuffer>, maxPixels?: number): boolean {
  const png = openPng(bytes, maxPixels);
  if (png.header.depth === DEEP || mayLackColors(png)) return true;
  checkStored(png);
  return false;
}

/** Whether this project's decoder is to be used, as `sharp` converts the colors otherwise, or reads damaged files. */
function prefersOwn(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  header: JpegHeader | undefined,
  maxPixels?: number,
): boolean {
  if (isJpeg(bytes)) return header?.components.length === INKS;
  try {
    return prefersOwnPng(bytes, maxPixels);
  } catch (cause) {
    throw decodingError(file, cause);
  }
}

type Decoded = Parameters<typeof toBytes>[0];

/** Decodes by `sharp`; what it refuses and this project's decoders may read, by these. */
async function bySharp(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  decode: SharpDecode,
  maxPixels?: number,
): Promise<Decoded> {
  try {
    return await decode(bytes, { maxPixels });
  } catch (cause) {
    if (ownDecoder(bytes)) return await decodePicture(file, bytes, maxPixels);
    throw decodingError(file, cause);
  }
}

/** Decodes by `sharp` where that is there. */
const decodeBy = (
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  decode: SharpDecode | undefined,
  maxPixels?: number,
): Promise<Decoded> =>
  decode ? bySharp(file, bytes, decode, maxPixels) : decodePicture(file, bytes, maxPixels);

/** A random part of a picture, resized. Of an upright JPEG only the rows down to the part are decoded. */
async function resizedPart(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  { size, key, maxPixels }: Wanted & { readonly key: KeyData },
  header: JpegHeader | undefined,
  decode: SharpDecode | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (decode && header?.orientation === 1) {
    const part = await decode(bytes, { box: randomPart(header, key), maxPixels })
      .catch(() => undefined);
    if (part) return resample(toBytes(part, size.channels), size);
  }
  const picture = await decodeBy(file, bytes, decode, maxPixels);
  const box = randomPart(picture as Sizes, key);
  return resample(cropBytes(toBytes(picture, size.channels), box), size);
}

/**
 * The bytes of an image made of the picture in a file, [height, width, channels]. Rejects with a TaskError on a
 * file that is damaged, too large, or of another format.
 *
 * @param sharp The decoders of `sharp`; without them only PNG and JPEG are read.
 */
export async function makeImage(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  wanted: Wanted,
  sharp: SharpDecode | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const own = ownDecoder(bytes);
  if (!own) {
    checkFormat(file, bytes);
    if (!sharp) throw lacksSharp(file, bytes);
  }
  const header = isJpeg(bytes) ? readJpegHeader(bytes) : undefined;
  const { size, key, maxPixels } = wanted;
  const decode = own && sharp && prefersOwn(file, bytes, header, maxPixels) ? undefined : sharp;
  if (key) return await resizedPart(file, bytes, { size, key, maxPixels }, header, decode);
  const picture = await decodeBy(file, bytes, decode, maxPixels);
  return resizeAndCrop(toBytes(picture, size.channels), size);
}
