/**
 * A place for what a task writes.
 *
 * @module
 */
import { OptionError } from "./options.ts";

/**
 * Makes a folder, and those above it. Throws an {@linkcode OptionError} if it holds anything.
 *
 * @param named What named it on the command line.
 */
export async function newFolder(path: string, named = "--out"): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
    for await (const { name } of Deno.readDir(path)) {
      throw new OptionError(
        `${named}: expected a new or empty folder, found ${path} with ${name} in it`,
      );
    }
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`${named}: expected a folder that can be made, found ${path}: ${error}`);
  }
}

/** Makes the folder of a new file. Throws an {@linkcode OptionError} if the file is there already. */
export async function newFile(path: string, named: string): Promise<void> {
  if (await Deno.lstat(path).catch(() => undefined)) {
    throw new OptionError(`${named}: expected the name of a new file, found ${path} there already`);
  }
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder) await Deno.mkdir(folder, { recursive: true });
}
