/**
 * Writes files atomically.
 *
 * @module
 */

const remove = (path: string) => Deno.remove(path).catch(() => {});

/** Sees to it that the names in a file's folder are on the disk, on systems that can be asked to. */
async function syncParentFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path.replace(/[^/\\]*$/, "") || ".");
    await folder.sync();
  } catch {
    // Windows opens no folders, and some file systems sync none: there it is left to the system.
  }
}

/**
 * Writes a file through a temporary one beside it, which takes its place once its bytes are on the
 * disk: a reader finds the old content or the new, also if the program or the machine stops half-way.
 * Once this is done the new content stays, whatever happens to the machine.
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
