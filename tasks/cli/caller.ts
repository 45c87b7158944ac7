/**
 * The folder that a user stands in, from which the paths go that the user names. `deno task` runs a task
 * in the project's folder wherever it is called, and leaves the caller's in INIT_CWD.
 *
 * @module
 */
import { resolve } from "node:path";

const PROJECT = new URL("../..", import.meta.url);

const isProject = (folder: string): boolean => {
  try {
    return Deno.realPathSync(folder) === Deno.realPathSync(PROJECT);
  } catch {
    return false;
  }
};

/** The folder that the command was given in. Elsewhere than in the project INIT_CWD is not about this process. */
export function callerFolder(): string {
  const here = Deno.cwd(), caller = Deno.env.get("INIT_CWD");
  return caller && isProject(here) ? resolve(caller) : here;
}

/** A path that a user named, as this process finds it; as it was written where both stand in one folder. */
export function fromCaller(path: string): string {
  const caller = callerFolder();
  return caller === Deno.cwd() ? path : resolve(caller, path);
}

/** A program that a user named: a path if there is a slash in it, else a name that the system looks up. */
export const programFromCaller = (program: string): string =>
  /[/\\]/.test(program) ? fromCaller(program) : program;

/** A path from where this process runs, as the user finds it. */
export const forCaller = (path: string): string =>
  callerFolder() === Deno.cwd() ? path : resolve(path);

/** A path that a user named, whole, so that it is the same from everywhere. */
export const absolute = (path: string): string => resolve(path);
