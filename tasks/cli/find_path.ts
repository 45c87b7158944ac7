/**
 * What is at a path.
 *
 * @module
 */

/**
 * What is at a path, through links; undefined only if there is nothing. That it may not be read, or that links
 * lead round in a circle, is not taken for that: the error of the system is thrown.
 */
export async function findPath(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    // A file's name as that of a folder has nothing below it.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}
