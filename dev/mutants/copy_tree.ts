/**
 * Copies of the project for faults to be planted in, so that the project itself is never changed.
 *
 * @module
 */
import { dirname } from "node:path";

/** The project's files as git knows them, changed and new ones included. */
async function listFiles(root: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  if (!success) throw new Error(`git ls-files: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
}

/** Copies one file; one that was deleted and is still in git's index is left out. */
async function copyFile(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  try {
    await Deno.copyFile(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A copy of the project in a new temporary folder, which is deleted when disposed of. */
export async function copyTree(root: string): Promise<AsyncDisposable & { readonly root: string }> {
  const copy = await Deno.makeTempDir({ prefix: "goodinit-mutants-" });
  for (const path of await listFiles(root)) await copyFile(`${root}/${path}`, `${copy}/${path}`);
  return {
    root: copy,
    [Symbol.asyncDispose]: () => Deno.remove(copy, { recursive: true }),
  };
}
