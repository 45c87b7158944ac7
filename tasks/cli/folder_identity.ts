/**
 * Whether a folder is still the one that it was: a program that writes into it for long must notice that it was
 * deleted or replaced, rather than make it anew without what it held.
 *
 * @module
 */
import { fileFault } from "./file_fault.ts";
import { TaskError } from "./task_error.ts";

/** Which folder a path names; undefined where the system has no numbers for them. */
async function identify(path: string): Promise<string | undefined> {
  const { dev, ino, isDirectory } = await Deno.stat(path);
  if (!isDirectory) throw new TaskError(`${path}: expected a folder, found a file in its place`);
  return ino === null ? undefined : `${dev} ${ino}`;
}

/** A folder that must stay the same. */
export class KnownFolder {
  readonly #path: string;
  #known: string | undefined;

  /** @param path The folder, which need not exist yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Remembers which folder it is at the first call; later rejects with a {@linkcode TaskError} on another one, or none. */
  async check(): Promise<void> {
    try {
      const found = await identify(this.#path);
      this.#known ??= found;
      if (found === this.#known) return;
    } catch (cause) {
      if (cause instanceof TaskError || cause instanceof Deno.errors.NotCapable) throw cause;
      throw new TaskError(
        `${this.#path}: expected the folder that results are written to, found ${fileFault(cause)}`,
        { cause },
      );
    }
    throw new TaskError(
      `${this.#path}: expected the folder that results are written to, found another of its name: ` +
        "it was deleted or moved meanwhile",
    );
  }
}
