/**
 * The TypeScript files of a repository.
 *
 * @module
 */
import { isThere } from "../is_there.ts";
import type { Source } from "./imports.ts";

/** The folders to check. */
const FOLDERS = ["bench", "compat", "dev", "examples", "site", "src", "tasks", "tests"];

async function* filesUnder(root: string, folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesUnder(root, path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

/** `mod.ts` and every TypeScript file of a repository's folders. */
export async function readSources(root: string): Promise<Source[]> {
  const paths = ["mod.ts"];
  for (const folder of FOLDERS) {
    if (!isThere(`${root}/${folder}`)) continue;
    paths.push(...(await Array.fromAsync(filesUnder(root, folder))).sort());
  }
  return Promise.all(
    paths.map(async (path) => ({ path, text: await Deno.readTextFile(`${root}/${path}`) })),
  );
}
