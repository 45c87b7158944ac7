/**
 * Locks: no two programs write to one folder.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { fileFault } from "../cli/file_fault.ts";
import { makeFolder } from "../cli/output_paths.ts";
import { describeOwner, EVICTING, LockedError, own } from "./owner.ts";

/** The names of the temporary files of `writeAtomically`. */
const UNFINISHED = /\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

/** Removes the temporary files of programs that were killed. */
async function removeUnfinished(path: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(path)) {
    if (isFile && UNFINISHED.test(name)) await Deno.remove(`${path}/${name}`);
  }
  await Deno.remove(`${path}/${EVICTING}`).catch(() => {});
}

/** Throws a {@linkcode LockedError} unless the system's lock on an open folder can be had; does nothing where there are no locks. */
async function tryLock(folder: Deno.FsFile, path: string): Promise<void> {
  try {
    if (await folder.tryLock(true)) return;
  } catch {
    // Some network file systems know no locks; the owner's file is one.
    return;
  }
  folder.close();
  throw new LockedError(path, await describeOwner(path));
}

/**
 * Locks a folder until disposed of or until the program ends, however it ends. There are two locks: the
 * system's, which other programs of this machine see, and of other machines on file systems that pass it on
 * (NFS 4, Lustre mounted with `flock`, GPFS, CephFS, BeeGFS if so configured); and a file in the folder,
 * which says whose it is and is renewed every `RENEWED` seconds, for all other file systems that
 * make files atomically. Temporary files left in the folder are removed.
 *
 * Throws a {@linkcode LockedError} that names the other program where one has locked it.
 */
export async function lockFolder(path: string): Promise<Disposable> {
  let folder: Deno.FsFile;
  try {
    folder = await Deno.open(path);
  } catch {
    // Windows cannot open a folder: there the user must take care.
    return { [Symbol.dispose]: () => {} };
  }
  await tryLock(folder, path);
  try {
    const owner = await own(path);
    await removeUnfinished(path).catch(() => {});
    return {
      [Symbol.dispose]: () => {
        owner[Symbol.dispose]();
        folder.close();
      },
    };
  } catch (error) {
    folder.close();
    throw error;
  }
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
      throw new TaskError(`${path}: expected to make this folder, found ${fileFault(error)}`, {
        cause: error,
      });
    }
    return Object.assign(await lockFolder(path), { path });
  }
}
