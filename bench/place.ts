/**
 * Where the figures of a benchmark go.
 *
 * @module
 */
import { writeAtomically } from "../src/train/files.ts";
import { TaskError } from "../tasks/command.ts";

/** The folder of measured figures. */
const RESULTS = new URL("./results/", import.meta.url).pathname;

const exists = async (path: string): Promise<boolean> =>
  await Deno.lstat(path).catch(() => undefined) !== undefined;

/** A new file of this name in a folder that ends in a slash; a number is added where it is taken. */
export async function newResultPath(name: string, folder = RESULTS): Promise<string> {
  let path = `${folder}${name}.json`;
  for (let i = 2; await exists(path); i++) path = `${folder}${name}-${i}.json`;
  return path;
}

/** Writes figures as JSON, and makes the folder that they are in. */
export async function writeResult(path: string, result: unknown): Promise<void> {
  try {
    await Deno.mkdir(path.replace(/[^/\\]*$/, "") || ".", { recursive: true });
    await writeAtomically(path, JSON.stringify(result, undefined, 2) + "\n");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError(`${path}: expected to write it, found ${why}`, { cause });
  }
}
