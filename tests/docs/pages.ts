/**
 * The pages of the documentation, for tests.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);

/** A page: its path in the repository, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

const read = async (path: string): Promise<Page> => ({
  path,
  text: await Deno.readTextFile(new URL(path, ROOT)),
});

/** The pages that people write, in the order of their names; those of docs/ and the README. */
export async function readPages(): Promise<Page[]> {
  const names = await Array.fromAsync(Deno.readDir(new URL("docs/", ROOT)), ({ name }) => name);
  const paths = names.filter((name) => name.endsWith(".md")).sort().map((name) => `docs/${name}`);
  return await Promise.all(["README.md", ...paths, "tests/golden/README.md"].map(read));
}

/** Whether the repository has a file or folder of this path. */
export async function isInRepository(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, ROOT)).then(() => true, () => false);
}

/** A text without its blocks of code. */
export const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, "");
