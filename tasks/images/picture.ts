/**
 * Pictures from PNG and JPEG files.
 *
 * @module
 */
import { TaskError } from "../cli/task_error.ts";
import { quoted } from "../cli/quoted.ts";
import { type Picture, SizeError } from "./canvas.ts";
import { decodeJpeg, KindError } from "./jpeg/mod.ts";
import { identifyFile } from "./file_kind.ts";
import { decodePng } from "./png.ts";

export type { Picture };

/** The first bytes of the supported formats. */
const PNG = [0x89, 0x50, 0x4e, 0x47], JPEG = [0xff, 0xd8, 0xff];

const beginsWith = (bytes: Uint8Array, first: readonly number[]): boolean =>
  first.every((byte, i) => bytes[i] === byte);

function findDecoder(file: string, bytes: Uint8Array<ArrayBuffer>) {
  if (beginsWith(bytes, PNG)) return () => decodePng(bytes);
  if (beginsWith(bytes, JPEG)) return () => decodeJpeg(bytes);
  const kind = identifyFile(bytes);
  const found = bytes.length === 0 ? "an empty file" : kind ?? "another kind of file";
  const picture = kind?.endsWith("image");
  throw new TaskError(
    `${file}: expected a PNG or JPEG image, found ${found}` +
      (picture
        ? `; convert it, such as by ImageMagick: convert ${quoted(file)} ${quoted(`${file}.png`)}`
        : ""),
  );
}

/**
 * The picture in a file's bytes, whatever the file's name, rotated upright by its EXIF orientation. Rejects
 * with a {@linkcode TaskError} on damaged pictures, on those that are too large, and on other formats.
 */
export async function decodePicture(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Picture> {
  const decode = findDecoder(file, bytes);
  try {
    return await decode();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : cause;
    if (cause instanceof SizeError || cause instanceof KindError) {
      throw new TaskError(`${file}: ${what}`, { cause });
    }
    throw new TaskError(`${file}: expected a whole image, found a damaged one: ${what}`, { cause });
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
export async function readPicture(file: string): Promise<Picture> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    throw new TaskError(`${file}: expected an image file, found ${foundInstead(file, error)}`);
  }
  return await decodePicture(file, bytes);
}
