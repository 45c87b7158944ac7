/**
 * Writes files atomically and durably.
 *
 * @module
 */

const remove = (path: string) => Deno.remove(path).catch(() => {});

/** Syncs the folder of a file to disk, on systems that support it. */
async function syncParentFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path.replace(/[^/\\]*$/, "") || ".");
    await folder.sync();
  } catch {
    // Windows cannot open folders, and some file systems cannot sync them.
  }
}

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
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  const file = await Deno.open(temporary, { write: true, createNew: true });
  try {
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
    await syncParentFolder(path);
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}
