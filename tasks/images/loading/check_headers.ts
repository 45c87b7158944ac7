/**
 * Checking pictures by the beginnings of their files, as they are streamed and not decoded beforehand.
 *
 * @module
 */
import { checkPixels, checkRoom } from "../canvas.ts";
import { readJpegHeader } from "../jpeg/header.ts";
import { readPngHeader } from "../png_chunks.ts";
import { checkFormat, decodingError, isJpeg, ownDecoder } from "../picture.ts";

/** Bytes that are read first, and where a JPEG's frame comes later, at most. */
const FIRST = 2 ** 12, MOST = 2 ** 20;

/** Files that are checked at once. */
const AT_ONCE = 32;

/** A file's first bytes. */
async function beginning(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/** Throws on a JPEG without a frame, and on one that is too large. */
async function checkJpeg(path: string, bytes: Uint8Array, most?: number): Promise<void> {
  const header = readJpegHeader(bytes) ?? readJpegHeader(await beginning(path, MOST));
  if (!header) {
    throw new Error(`${path}: expected a whole image, found a damaged one: it has no frame`);
  }
  checkPixels(header, most);
  checkRoom(header, header.width * header.height * 4);
}

/** Throws on a PNG without a header, and on one that is too large. */
function checkPng(bytes: Uint8Array<ArrayBuffer>, most?: number): void {
  checkPixels(readPngHeader(bytes), most);
}

async function findFault(path: string, most?: number): Promise<string | undefined> {
  try {
    const bytes = await beginning(path, FIRST);
    if (isJpeg(bytes)) await checkJpeg(path, bytes, most);
    else if (ownDecoder(bytes)) checkPng(bytes, most);
    else checkFormat(path, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `${path}: expected an image file, found nothing there`;
    }
    const message = error instanceof Error ? error.message : String(error);
    return message.startsWith(path) ? message : decodingError(path, error).message;
  }
}

/**
 * Why pictures cannot be read, as far as the beginnings of their files tell, by the indices of the files.
 *
 * @param done Called with the number of files checked so far.
 * @param maxPixels The most pixels of a picture.
 */
export async function checkHeaders(
  paths: readonly string[],
  { done, maxPixels }: {
    readonly done?: ((count: number) => void) | undefined;
    readonly maxPixels?: number | undefined;
  } = {},
): Promise<Map<number, string>> {
  const faults = new Map<number, string>();
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE),
      found = await Promise.all(some.map((path) => findFault(path, maxPixels)));
    found.forEach((fault, i) => fault !== undefined && faults.set(at + i, fault));
    done?.(at + some.length);
  }
  return faults;
}
