/**
 * Whether a file or folder exists.
 *
 * @module
 */

/** Whether there is a file or folder of this path. */
export const isThere = (path: string): boolean => {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
};
