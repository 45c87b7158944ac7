/**
 * The files of the platform that runs the library: of Deno, of Node and Bun, or none in a browser.
 *
 * @module
 */
import { denoFiles } from "./deno_files.ts";
import type { FileSystem } from "./file_system.ts";
import { nodeFiles } from "./node_files.ts";

/** The platform's file system; undefined in a browser. */
export const findFiles = (): FileSystem | undefined => denoFiles() ?? nodeFiles();

/** The platform's file system. Throws Error in a browser. */
export function platformFiles(): FileSystem {
  const files = findFiles();
  if (files) return files;
  throw new Error("expected a platform with files (Deno, Node 20.16 or later, Bun), found none");
}
