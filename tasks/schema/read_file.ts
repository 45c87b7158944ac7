/**
 * Reading a file that may be missing: anything but a file that can be read is an error in one line.
 *
 * @module
 */
import { fileFault } from "../cli/file_fault.ts";
import { TaskError } from "../cli/task_error.ts";

/** The most bytes of a file of text that are read. */
const MOST_TEXT = 2 ** 28;

const MEBIBYTE = 2 ** 20;

const isMissing = (error: unknown): boolean =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;

/** What is at a path that is no file, in words. */
function kindOf({ isDirectory, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  return isFifo ? "a named pipe" : isSocket ? "a socket" : "a device";
}

/** Throws a {@linkcode TaskError} unless there is a file of a size; returns whether there is anything. */
async function isThere(path: string, most: number): Promise<boolean> {
  const found = await Deno.stat(path);
  if (!found.isFile) throw new TaskError(`${path}: expected a file, found ${kindOf(found)}`);
  if (found.size <= most) return true;
  throw new TaskError(
    `${path}: expected at most ${most / MEBIBYTE} MiB, found ${
      Math.ceil(found.size / MEBIBYTE)
    } MiB`,
  );
}

/**
 * The bytes of a file; undefined if there is none. Rejects with a {@linkcode TaskError} on a folder, a pipe and
 * what cannot be read.
 *
 * @param most The most bytes that it may have.
 */
export async function readBytes(
  path: string,
  most = Infinity,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await isThere(path, most);
    return await Deno.readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    // Which permission is missing is said in one way for all.
    if (cause instanceof TaskError || cause instanceof Deno.errors.NotCapable) throw cause;
    throw new TaskError(`${path}: expected a file that can be read, found ${fileFault(cause)}`, {
      cause,
    });
  }
}

/** Reads the text of a file; undefined if there is none. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** The text of a file; undefined if there is none. Rejects with a {@linkcode TaskError} as {@linkcode readBytes}. */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readBytes(path, MOST_TEXT);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TaskError(`${path}: expected a text in UTF-8, found other bytes`, { cause });
  }
}
