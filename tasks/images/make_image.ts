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
import { resample } from "./resample/resample.ts";
import type { SharpDecode } from "./sharp.ts";
import { cropBytes, type ImageSize, randomPart, resizeAndCrop, toBytes } from "./transforms.ts";

/** An image to make of a picture. */
export interface Wanted {
  /** Its size. */
  readonly size: ImageSize;
  /** Decides the part of the picture that is resized to it; absent for the center of all of it. */
  readonly key?: KeyData | undefined;
}

/** The place of the depth in a PNG, and the colors of a JPEG, that this project's decoders read as Pillow does. */
const DEPTH_AT = 24, DEEP = 16, INKS = 4;

/** Whether this project's decoder is to be used, as `sharp` converts the colors otherwise. */
const prefersOwn = (bytes: Uint8Array, header: JpegHeader | undefined): boolean =>
  isJpeg(bytes) ? header?.components.length === INKS : bytes[DEPTH_AT] === DEEP;

type Decoded = Parameters<typeof toBytes>[0];

/** Decodes by `sharp`; what it refuses and this project's decoders may read, by these. */
async function bySharp(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  decode: SharpDecode,
): Promise<Decoded> {
  try {
    return await decode(bytes);
  } catch (cause) {
    if (ownDecoder(bytes)) return await decodePicture(file, bytes);
    throw decodingError(file, cause);
  }
}

/** A random part of a picture, resized. Of an upright JPEG only the rows down to the part are decoded. */
async function resizedPart(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  { size, key }: Wanted & { readonly key: KeyData },
  header: JpegHeader | undefined,
  decode: SharpDecode | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (decode && header?.orientation === 1) {
    const part = await decode(bytes, randomPart(header, key)).catch(() => undefined);
    if (part) return resample(toBytes(part, size.channels), size);
  }
  const picture = decode ? await bySharp(file, bytes, decode) : await decodePicture(file, bytes);
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
  const decode = own && prefersOwn(bytes, header) ? undefined : sharp, { size, key } = wanted;
  if (key) return await resizedPart(file, bytes, { size, key }, header, decode);
  const picture = decode ? await bySharp(file, bytes, decode) : await decodePicture(file, bytes);
  return resizeAndCrop(toBytes(picture, size.channels), size);
}
