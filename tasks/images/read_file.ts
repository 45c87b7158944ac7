/**
 * Reading the file of a picture, which has an end.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { TaskError } from "../cli/task_error.ts";

/** The most bytes of a picture's file. */
const MOST = 2 ** 30;

/**
 * A picture file's bytes. Throws a {@linkcode TaskError} on a file of more bytes than a picture has, before it is
 * read, and on what is no file; Deno's error where there is none.
 */
export function readPictureFile(path: string): Uint8Array<ArrayBuffer> {
  const { size, isFile, isDirectory } = Deno.statSync(path);
  if (!isFile && !isDirectory) {
    throw new TaskError(`${path}: expected an image file, found a device or pipe`);
  }
  if (size > MOST) {
    throw new TaskError(
      `${path}: expected an image file of at most ${counted(MOST, "byte")}, found ${
        counted(size, "byte")
      }`,
    );
  }
  return Deno.readFileSync(path);
}
