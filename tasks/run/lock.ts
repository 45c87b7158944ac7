/**
 * Locks: no two programs write to one folder.
 *
 * @module
 */
import { writeAtomically } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { makeFolder, OWNER } from "../cli/output_paths.ts";

/** The names of the temporary files of `writeAtomically`. */
const UNFINISHED = /\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Removes the temporary files of programs that were killed. */
async function removeUnfinished(path: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(path)) {
    if (isFile && UNFINISHED.test(name)) await Deno.remove(`${path}/${name}`);
  }
}

/** The program that has locked a folder, in words. */
async function describeOwner(path: string): Promise<string> {
  try {
    const { process, host, since } = JSON.parse(await Deno.readTextFile(`${path}/${OWNER}`));
    return `process ${process} on ${host}, which has done so since ${since}`;
  } catch {
    return "another one";
  }
}

/** Locks an open folder; does nothing where the file system has no locks. */
async function tryLock(folder: Deno.FsFile, path: string): Promise<Deno.FsFile> {
  try {
    if (await folder.tryLock(true)) return folder;
  } catch {
    // Some network file systems know no locks.
    return folder;
  }
  folder.close();
  throw new TaskError(
    `${path}: expected a folder that no other program writes to, found ${await describeOwner(
      path,
    )}`,
  );
}

/**
 * Locks a folder until disposed of or until the program ends, however it ends: the lock is the system's,
 * and a file in the folder only says whose it is. Temporary files left there are removed.
 *
 * Throws a {@linkcode TaskError} that names the other program where one has locked it.
 */
export async function lockFolder(path: string): Promise<Disposable> {
  let folder: Deno.FsFile;
  try {
    folder = await Deno.open(path);
  } catch {
    // Windows cannot open a folder: there the user must take care.
    return { [Symbol.dispose]: () => {} };
  }
  const lock = await tryLock(folder, path);
  const file = `${path}/${OWNER}`, since = new Date().toISOString();
  const owner = { process: Deno.pid, host: Deno.hostname(), since };
  try {
    await removeUnfinished(path);
    await writeAtomically(file, JSON.stringify(owner) + "\n");
  } catch {
    // A full disk, or no folder: the lock is in force all the same.
  }
  return {
    [Symbol.dispose]: () => {
      try {
        Deno.removeSync(file);
      } catch {
        // It could not be written, or the folder is gone.
      }
      lock.close();
    },
  };
}

/** Makes a folder and those above it where there are none, and {@linkcode lockFolder}s it. */
export async function lockNewFolder(path: string): Promise<Disposable> {
  await makeFolder(path);
  return await lockFolder(path);
}

/**
 * Makes a folder of this name, and those above it, and {@linkcode lockFolder}s it. Where one exists
 * already, such as that of a run that started in the same second, a number is added to the name. Making a
 * folder is atomic, so that two programs never get the same one.
 */
export async function lockNumberedFolder(
  name: string,
): Promise<Disposable & { readonly path: string }> {
  await makeFolder(name.replace(/[/\\]?[^/\\]*$/, "") || ".");
  for (let i = 1;; i++) {
    const path = i === 1 ? name : `${name}-${i}`;
    try {
      await Deno.mkdir(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw new TaskError(`${path}: expected to make this folder, found ${error}`, {
        cause: error,
      });
    }
    return Object.assign(await lockFolder(path), { path });
  }
}
