/**
 * Where `deno task tune` stores its results.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { cacheFolder } from "./cache_folder.ts";

/** The file of tiles in the folder of cached data; undefined where the environment names none. */
export function tilesFile(): string | undefined {
  try {
    return `${cacheFolder()}/tiles.json`;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
