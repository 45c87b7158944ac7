/**
 * Decoded pictures in the cache, by the content of their files.
 *
 * @module
 */
import { sha256 } from "../../../src/data/fingerprint.ts";
import { readPictureFile } from "../read_file.ts";
import { fileFault } from "../../cli/file_fault.ts";
import { cacheFolder } from "../../cli/cache_folder.ts";
import type { ImageSize } from "../transforms.ts";

/** The version of decoding and resizing: another one makes other bytes. */
const VERSION = 3;

/** Bytes of a SHA-256, and of the length of the faults before the images. */
const DIGEST = 32, LENGTH = 4;

/** Files that are hashed at once. */
const AT_ONCE = 16;

/** Images in memory, [files - faults, height, width, channels], and why those of some files are missing. */
export interface DecodedImages {
  readonly images: Uint8Array<ArrayBuffer>;
  /** By the indices of the files, in order. */
  readonly faults: ReadonlyMap<number, string>;
}

/** The SHA-256 of each file, in order; empty for one that cannot be read. */
async function hashFiles(paths: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  const hash = async (path: string) => {
    try {
      return await sha256(readPictureFile(path));
    } catch {
      return "";
    }
  };
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    hashes.push(...await Promise.all(paths.slice(at, at + AT_ONCE).map(hash)));
  }
  return hashes;
}

/** The cache's file of pictures: by their contents in their order, and the size that they are resized to. */
export async function cachePath(
  paths: readonly string[],
  { height, width, channels }: ImageSize,
  maxPixels?: number,
): Promise<string> {
  const limit = maxPixels === undefined ? "" : ` of at most ${maxPixels} pixels`;
  const lines = [`${VERSION} ${height} ${width} ${channels}${limit}`, ...await hashFiles(paths)];
  return `${cacheFolder()}/pictures/${await sha256(new TextEncoder().encode(lines.join("\n")))}`;
}

const digestOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** The faults in a file, each of another picture, in order; undefined where they are something else. */
function parseFaults(text: Uint8Array, count: number): ReadonlyMap<number, string> | undefined {
  try {
    const faults: unknown = JSON.parse(new TextDecoder().decode(text));
    const sound = Array.isArray(faults) &&
      faults.every((fault, i) =>
        Array.isArray(fault) && Number.isInteger(fault[0]) && fault[0] < count &&
        fault[0] > (faults[i - 1]?.[0] ?? -1) && typeof fault[1] === "string"
      );
    return sound ? new Map(faults) : undefined;
  } catch {
    return undefined;
  }
}

/** The most bytes of the fault of a picture: its path, with escapes, and what was found. */
const MOST_FAULT = 2 ** 15;

/** Why a file of the cache cannot be used, in words. */
export interface Damage {
  readonly damage: string;
}

/** The bytes of a file of at most so many; undefined where there is none. */
async function readFile(
  path: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | Damage | undefined> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) return { damage: "something that is no file" };
    return size <= most ? await Deno.readFile(path) : { damage: `${size} bytes` };
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? undefined : { damage: fileFault(error) };
  }
}

/** Whether a file ends with the SHA-256 of what is before it. */
async function isSealed(file: Uint8Array<ArrayBuffer>): Promise<boolean> {
  if (file.length < LENGTH + DIGEST) return false;
  const body = file.subarray(0, -DIGEST), digest = await digestOf(body);
  return digest.every((byte, i) => byte === file[body.length + i]);
}

/**
 * Images of a file in the cache; undefined where there is none, and why it cannot be used where it is damaged.
 *
 * @param count How many pictures the file is of.
 * @param size Their size.
 */
export async function readCached(
  path: string,
  count: number,
  { height, width, channels }: ImageSize,
): Promise<DecodedImages | Damage | undefined> {
  const image = height * width * channels;
  const file = await readFile(path, LENGTH + DIGEST + count * (image + MOST_FAULT));
  if (!(file instanceof Uint8Array)) return file;
  if (!await isSealed(file)) return { damage: "another checksum" };
  const body = file.subarray(0, -DIGEST);
  const start = LENGTH + new DataView(file.buffer).getUint32(0, true);
  const faults = parseFaults(body.subarray(LENGTH, start), count);
  if (start > body.length || !faults) return { damage: "no list of pictures that are left out" };
  const images = body.subarray(start), kept = count - faults.size;
  if (images.length === kept * image) return { images, faults };
  return { damage: `${images.length} bytes for ${kept} images of ${image} bytes` };
}

async function writeAll(path: string, content: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let at = 0; at < content.length;) at += await file.write(content.subarray(at));
  await file.sync();
}

/** Writes images to a file in the cache, which is complete or absent at any moment. */
export async function writeCached(path: string, { images, faults }: DecodedImages): Promise<void> {
  const text = new TextEncoder().encode(JSON.stringify([...faults]));
  const body = new Uint8Array(LENGTH + text.length + images.length + DIGEST);
  new DataView(body.buffer).setUint32(0, text.length, true);
  body.set(text, LENGTH);
  body.set(images, LENGTH + text.length);
  body.set(await digestOf(body.subarray(0, -DIGEST)), body.length - DIGEST);
  await Deno.mkdir(path.replace(/[^/\\]*$/, ""), { recursive: true });
  const fresh = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeAll(fresh, body);
    await Deno.rename(fresh, path);
  } catch (error) {
    await Deno.remove(fresh).catch(() => {});
    throw error;
  }
}
