/**
 * Writing files that are never half there.
 *
 * @module
 */

const remove = (path: string) => Deno.remove(path).catch(() => {});

/**
 * Writes a file through a temporary one beside it, which takes its place once its bytes are on the
 * disk: a reader finds the old content or the new, also if the program or the machine stops half-way.
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
  } catch (error) {
    await remove(temporary);
    throw error;
  }
}
