/**
 * Decoded pictures in the cache, by the content of their files.
 *
 * @module
 */
import { sha256 } from "../../../src/data/fingerprint.ts";
import { writeAtomically } from "../../../src/train/mod.ts";
import type { ImageSize } from "../../images/fit.ts";

/** The version of decoding and resizing: another one makes other bytes. */
const VERSION = 1;

/** Bytes of a SHA-256. */
const DIGEST = 32;

/** Files that are hashed at once. */
const AT_ONCE = 16;

/** The SHA-256 of each file, in order. */
async function hashFiles(paths: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    hashes.push(...await Promise.all(some.map(async (path) => sha256(await Deno.readFile(path)))));
  }
  return hashes;
}

/** A hash of the pictures' contents in their order, and of the size that they are resized to. */
export async function picturesKey(
  paths: readonly string[],
  { height, width, channels }: ImageSize,
): Promise<string> {
  const lines = [`${VERSION} ${height} ${width} ${channels}`, ...await hashFiles(paths)];
  return sha256(new TextEncoder().encode(lines.join("\n")));
}

const digestOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** The images of a file in the cache; undefined where there is none, or a damaged one. */
export async function readCached(
  path: string,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await Deno.readFile(path).catch(() => undefined);
  if (file?.length !== bytes + DIGEST) return undefined;
  const images = file.subarray(0, bytes), digest = await digestOf(images);
  return digest.every((byte, i) => byte === file[bytes + i]) ? images : undefined;
}

/** Writes images to a file in the cache, followed by their SHA-256. */
export async function writeCached(path: string, images: Uint8Array<ArrayBuffer>): Promise<void> {
  const file = new Uint8Array(images.length + DIGEST);
  file.set(images);
  file.set(await digestOf(images), images.length);
  await writeAtomically(path, file);
}
