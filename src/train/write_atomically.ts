/**
 * Writes files atomically and durably.
 *
 * @module
 */

import { folderOf } from "../platform/file_system.ts";
import { platformFiles } from "../platform/files.ts";

/**
 * Writes a file atomically: to a temporary file beside it, which is synced to disk and then renamed.
 * Readers find either the old or the new content, even after a crash of the program or the machine; once
 * the promise resolves, the new content is durable.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const path = await Deno.makeTempFile();
 * await train.writeAtomically(path, "whole or not at all");
 * console.assert(await Deno.readTextFile(path) === "whole or not at all");
 * await Deno.remove(path);
 * ```
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = `${path}.${crypto.randomUUID()}.tmp`, files = platformFiles();
  try {
    await files.create(temporary, bytes);
    await files.rename(temporary, path);
    // Windows cannot open folders, and some file systems cannot sync them.
    await files.syncFolder(folderOf(path)).catch(() => {});
  } catch (error) {
    await files.remove(temporary).catch(() => {});
    throw error;
  }
}
