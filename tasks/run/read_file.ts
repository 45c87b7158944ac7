/**
 * Reading a file that may be missing.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";

/** The text of a file; undefined if there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** A file's JSON object; undefined if there is no file. Throws a {@linkcode TaskError} on anything else. */
export async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw new SyntaxError(`found ${text.trim().slice(0, 40)}`);
  } catch (cause) {
    throw new TaskError(`${path}: expected a JSON object; ${(cause as Error).message}`, { cause });
  }
}
