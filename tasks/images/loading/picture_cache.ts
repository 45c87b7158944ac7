/**
 * Decoded pictures in the cache, by the content of their files.
 *
 * @module
 */
import { sha256 } from "../../../src/data/fingerprint.ts";
import { readPictureFile } from "../read_file.ts";
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

/** The faults in a file; undefined where they are something else. */
function parseFaults(text: Uint8Array, count: number): ReadonlyMap<number, string> | undefined {
  try {
    const faults: unknown = JSON.parse(new TextDecoder().decode(text));
    const sound = Array.isArray(faults) &&
      faults.every((fault) =>
        Array.isArray(fault) && Number.isInteger(fault[0]) && fault[0] >= 0 && fault[0] < count &&
        typeof fault[1] === "string"
      );
    return sound ? new Map(faults) : undefined;
  } catch {
    return undefined;
  }
}

/** The most bytes of the faults of a file. */
const MOST_FAULTS = 1024;

/** The file's bytes; undefined where there is none, or one that has more than the images and all faults. */
async function readFile(path: string, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { size, isFile } = await Deno.stat(path);
    return isFile && size <= most ? await Deno.readFile(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Images of a file in the cache; undefined where there is none, or a damaged one.
 *
 * @param count How many pictures the file is of.
 * @param size Their size.
 */
export async function readCached(
  path: string,
  count: number,
  { height, width, channels }: ImageSize,
): Promise<DecodedImages | undefined> {
  const image = height * width * channels;
  const file = await readFile(path, LENGTH + DIGEST + count * (image + MOST_FAULTS));
  if (!file || file.length < LENGTH + DIGEST) return undefined;
  const body = file.subarray(0, -DIGEST), digest = await digestOf(body);
  if (!digest.every((byte, i) => byte === file[body.length + i])) return undefined;
  const start = LENGTH + new DataView(file.buffer).getUint32(0, true);
  if (start > body.length) return undefined;
  const images = body.subarray(start), faults = parseFaults(file.subarray(LENGTH, start), count);
  return faults && images.length === (count - faults.size) * image ? { images, faults } : undefined;
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
