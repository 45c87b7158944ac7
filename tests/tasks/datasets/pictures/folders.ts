/**
 * Folders of small pictures, and the environment for loading them.
 *
 * @module
 */
import { folderOf } from "../../../data/fixtures.ts";
import { COLOR, pngOf } from "../../images/png.ts";

/** A picture of one gray, `width` × `height`. */
export const flatPng = (width: number, height: number, gray: number) =>
  pngOf({ width, height, color: COLOR.gray }, new Array(width * height).fill(gray));

/** A temporary folder with pictures, by their paths without `.png`, each of its own size and gray. */
export async function pictureFolder(
  names: readonly string[],
  more: Record<string, Uint8Array> = {},
) {
  const files = await Promise.all(
    names.map(async (name, i) => [`${name}.png`, await flatPng(9 + i, 30 - i, 8 * i)] as const),
  );
  return await folderOf({ ...Object.fromEntries(files), ...more });
}

/** Sets GOODINIT_CACHE until disposed of. */
export function withCache(path: string): Disposable {
  const before = Deno.env.get("GOODINIT_CACHE");
  Deno.env.set("GOODINIT_CACHE", path);
  return {
    [Symbol.dispose]: () => {
      if (before === undefined) Deno.env.delete("GOODINIT_CACHE");
      else Deno.env.set("GOODINIT_CACHE", before);
    },
  };
}

/** Names of `count` pictures of each class. */
export const named = (classes: readonly string[], count: number): string[] =>
  classes.flatMap((name) => Array.from({ length: count }, (_, i) => `${name}/${i}`));
