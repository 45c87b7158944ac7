/**
 * Where real data lie, for tests that need some.
 *
 * @module
 */

const root = Deno.env.get("GOODINIT_DATA");

/** The folder that holds a file: GOODINIT_DATA itself or one right below it; undefined if there is none. */
export function folderWith(file: string): string | undefined {
  try {
    const below = [...Deno.readDirSync(root!)].filter((entry) => entry.isDirectory);
    const folders = [root!, ...below.map(({ name }) => `${root}/${name}`)];
    return folders.find((folder) =>
      [...Deno.readDirSync(folder)].some(({ name }) => name === file)
    );
  } catch {
    return undefined;
  }
}
