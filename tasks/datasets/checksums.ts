/**
 * Telling whether a file is the one that is meant.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Checksum } from "./registry.ts";

/** The size of a file, 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The SHA-256 of a file, in hexadecimal, read in pieces. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of (await Deno.open(path)).readable) hash.update(piece);
  return hash.digest("hex");
}

/** What is wrong with the file at `path`, expected and found; undefined where it is the one meant. */
export async function faultOf(
  path: string,
  { bytes, sha256 }: Checksum,
): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size !== bytes) {
    return `expected ${bytes} bytes, found ${size === 0 ? "none" : size}`;
  }
  const found = await sha256Of(path);
  return found === sha256 ? undefined : `expected SHA-256 ${sha256}, found ${found}`;
}
