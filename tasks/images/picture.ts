/**
 * Pictures from files: PNG and JPEG by decoders of this project, other formats by `sharp`.
 *
 * @module
 */
import { TaskError } from "../cli/task_error.ts";
import { quoted } from "../cli/quoted.ts";
import { type Picture, SizeError } from "./canvas.ts";
import { decodeJpeg, KindError } from "./jpeg/mod.ts";
import { identifyFile } from "./file_kind.ts";
import { decodePng } from "./png.ts";
import { readPictureFile } from "./read_file.ts";
import { loadSharp } from "./sharp.ts";

export type { Picture };

/** The first bytes of the formats that this project decodes itself. */
const PNG = [0x89, 0x50, 0x4e, 0x47], JPEG = [0xff, 0xd8, 0xff];

/** The formats that `sharp` decodes besides. */
const BY_SHARP = ["a WebP image", "a GIF image", "an AVIF image", "a TIFF image"];

const beginsWith = (bytes: Uint8Array, first: readonly number[]): boolean =>
  first.every((byte, i) => bytes[i] === byte);

/** Whether a file begins as a JPEG. */
export const isJpeg = (bytes: Uint8Array): boolean => beginsWith(bytes, JPEG);

/** This project's decoder of a file; undefined for other formats. */
export function ownDecoder(
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels?: number,
): (() => Picture | Promise<Picture>) | undefined {
  if (beginsWith(bytes, PNG)) return () => decodePng(bytes, maxPixels);
  if (isJpeg(bytes)) return () => decodeJpeg(bytes, maxPixels);
}

/** Throws a {@linkcode TaskError} on a file of another format than those that `sharp` decodes. */
export function checkFormat(file: string, bytes: Uint8Array): void {
  const kind = identifyFile(bytes);
  if (kind !== undefined && BY_SHARP.includes(kind)) return;
  const found = bytes.length === 0 ? "an empty file" : kind ?? "another kind of file";
  const picture = kind?.endsWith("image");
  throw new TaskError(
    `${file}: expected a PNG, JPEG, WebP, GIF, AVIF or TIFF image, found ${found}` +
      (picture
        ? `; convert it, such as by ImageMagick: convert ${quoted(file)} ${quoted(`${file}.png`)}`
        : ""),
  );
}

/** The error of a file whose format `sharp` decodes where that cannot be loaded. */
export const lacksSharp = (file: string, bytes: Uint8Array): TaskError =>
  new TaskError(
    `${file}: expected a PNG or JPEG image, found ${
      identifyFile(bytes)
    }, for which the npm package sharp ` +
      "is needed, which cannot be loaded; convert it, or run once with a network",
  );

async function sharpDecoder(file: string, bytes: Uint8Array<ArrayBuffer>, maxPixels?: number) {
  checkFormat(file, bytes);
  const decode = await loadSharp();
  if (!decode) throw lacksSharp(file, bytes);
  return () => decode(bytes, { maxPixels });
}

/** The error of a picture that cannot be decoded. */
export function decodingError(file: string, cause: unknown): TaskError {
  const what = cause instanceof Error ? cause.message : cause;
  if (cause instanceof SizeError || cause instanceof KindError) {
    return new TaskError(`${file}: ${what}`, { cause });
  }
  return new TaskError(`${file}: expected a whole image, found a damaged one: ${what}`, { cause });
}

/**
 * The picture in a file's bytes, whatever the file's name, rotated upright by its EXIF orientation. Rejects
 * with a {@linkcode TaskError} on damaged pictures, on those that are too large, and on other formats.
 *
 * @param maxPixels The most pixels of a picture; those above which Pillow refuses one if left out.
 */
export async function decodePicture(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels?: number,
): Promise<Picture> {
  const decode = ownDecoder(bytes, maxPixels) ?? await sharpDecoder(file, bytes, maxPixels);
  try {
    return await decode();
  } catch (cause) {
    throw decodingError(file, cause);
  }
}

/** What was found instead of a readable file. */
function foundInstead(file: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "nothing there";
  if (error instanceof Deno.errors.NotADirectory) return "nothing there";
  if (error instanceof Deno.errors.IsADirectory) {
    return `a folder; name the images in it, such as ${file.replace(/[/\\]+$/, "")}/*.png`;
  }
  return `${error}`;
}

/** Reads a picture. Rejects with a {@linkcode TaskError} where there is none. */
export async function readPicture(file: string, maxPixels?: number): Promise<Picture> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readPictureFile(file);
  } catch (error) {
    if (error instanceof TaskError) throw error;
    throw new TaskError(`${file}: expected an image file, found ${foundInstead(file, error)}`);
  }
  return await decodePicture(file, bytes, maxPixels);
}
