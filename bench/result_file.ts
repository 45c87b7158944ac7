/**
 * Writing the result files of benchmarks.
 *
 * @module
 */
import { writeAtomically } from "../src/train/write_atomically.ts";
import { TaskError } from "../tasks/cli/mod.ts";

/** The folder of results. */
const RESULTS = new URL("./results/", import.meta.url).pathname;

/**
 * Makes a new file of this name in a folder that ends in a slash, so that no other program takes it; a
 * number is added where the name is taken.
 */
export async function newResultPath(name: string, folder = RESULTS): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 1;; i++) {
    const path = `${folder}${name}${i === 1 ? "" : `-${i}`}.json`;
    try {
      (await Deno.open(path, { write: true, createNew: true })).close();
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Writes results as JSON, and makes their folder. */
export async function writeResult(path: string, result: unknown): Promise<void> {
  try {
    await Deno.mkdir(path.replace(/[^/\\]*$/, "") || ".", { recursive: true });
    await writeAtomically(path, JSON.stringify(result, undefined, 2) + "\n");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError(`${path}: expected to write it, found ${why}`, { cause });
  }
}
