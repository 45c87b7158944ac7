/**
 * Writing a task's files: whole or not at all, and an error in one line.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/mod.ts";
import { fileFault } from "./file_fault.ts";
import { TaskError } from "./task_error.ts";

/** Writes a file, whole or not at all. Rejects with a {@linkcode TaskError} where it cannot be written. */
export async function writeFile(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeAtomically(path, content);
  } catch (cause) {
    // Which permission is missing is said in one way for all.
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new TaskError(`${path}: expected to write it, found ${fileFault(cause)}`, { cause });
  }
}
