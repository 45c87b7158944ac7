/**
 * New files and folders for what a task writes.
 *
 * @module
 */
import { fileFault } from "./file_fault.ts";
import { OptionError } from "./option_table.ts";

/** The file in a folder that says which program has locked it. */
export const OWNER = "lock.json";

/**
 * Makes a folder, and those above it, where there is none. Throws an {@linkcode OptionError} if it cannot.
 *
 * @param named What named it on the command line.
 */
export async function makeFolder(path: string, named = "--out"): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    // Which permission is missing is said in one way for all.
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new OptionError(
      `${named}: expected a folder that can be made, found ${path}: ${fileFault(error)}`,
    );
  }
}

/**
 * Makes a folder, and those above it. Throws an {@linkcode OptionError} if it holds anything.
 *
 * @param named What named it on the command line.
 */
export async function newFolder(path: string, named = "--out"): Promise<void> {
  await makeFolder(path, named);
  for await (const { name } of Deno.readDir(path)) {
    if (name === OWNER) continue;
    throw new OptionError(
      `${named}: expected a new or empty folder, found ${path} with ${name} in it`,
    );
  }
}

/** Makes the folder of a new file. Throws an {@linkcode OptionError} if the file is there already. */
export async function newFile(path: string, named: string): Promise<void> {
  if (await Deno.lstat(path).catch(() => undefined)) {
    throw new OptionError(`${named}: expected the name of a new file, found ${path} there already`);
  }
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder) await makeFolder(folder, named);
}
