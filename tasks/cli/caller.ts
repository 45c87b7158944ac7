/**
 * The folder from which a task was called: paths on the command line are relative to it. `deno task` runs
 * a task in the project's folder wherever it is called, and stores the caller's folder in INIT_CWD.
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

/** The folder that the command was given in. Outside the project's folder INIT_CWD was set for another process. */
export function callerFolder(): string {
  const here = Deno.cwd(), caller = Deno.env.get("INIT_CWD");
  return caller && isProject(here) ? resolve(caller) : here;
}

/** A path that a user named, as this process finds it; unchanged where both run in one folder. */
export function fromCaller(path: string): string {
  const caller = callerFolder();
  return caller === Deno.cwd() ? path : resolve(caller, path);
}

/** A program that a user named: a path if there is a slash in it, else a name that the system looks up. */
export const programFromCaller = (program: string): string =>
  /[/\\]/.test(program) ? fromCaller(program) : program;

/** A path relative to this process's folder, as the caller finds it. */
export const forCaller = (path: string): string =>
  callerFolder() === Deno.cwd() ? path : resolve(path);

/** The absolute path of a path that a user named. */
export const absolute = (path: string): string => resolve(path);
