/**
 * Verifying a file by its size and its SHA-256.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Checksum } from "./registry.ts";

/** The size of a file, 0 where there is none. */
export async function fileSize(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The SHA-256 of a file in hexadecimal, read in chunks. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of (await Deno.open(path)).readable) hash.update(chunk);
  return hash.digest("hex");
}

/** How the file at `path` differs from its checksum, expected and found; undefined where it agrees. */
export async function findFault(
  path: string,
  { bytes, sha256 }: Checksum,
): Promise<string | undefined> {
  const size = await fileSize(path);
  if (size !== bytes) {
    return `expected ${bytes} bytes, found ${size === 0 ? "none" : size}`;
  }
  const found = await fileSha256(path);
  return found === sha256 ? undefined : `expected SHA-256 ${sha256}, found ${found}`;
}
