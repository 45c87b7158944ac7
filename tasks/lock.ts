/**
 * Seeing to it that no two programs work on one run.
 *
 * @module
 */
import { TaskError } from "./command.ts";

/**
 * Holds a run's folder until it is disposed of or the program ends, however it ends. Throws a
 * {@linkcode TaskError} where another program holds it.
 */
export async function hold(path: string): Promise<Disposable> {
  let folder: Deno.FsFile, held: boolean;
  try {
    folder = await Deno.open(path);
  } catch {
    // Windows opens no folders: there it is left to the user.
    return { [Symbol.dispose]: () => {} };
  }
  try {
    held = await folder.tryLock(true);
  } catch {
    // Some network file systems know no locks.
    return folder;
  }
  if (held) return folder;
  folder.close();
  throw new TaskError(`${path}: expected a run that no program works on, found one that goes on`);
}
