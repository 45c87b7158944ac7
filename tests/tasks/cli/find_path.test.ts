/**
 * What is at a path: nothing, something, or what may not or cannot be looked at.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { findPath } from "../../../tasks/cli/find_path.ts";
import { exitCodeOf } from "../../../tasks/cli/command.ts";
import { folderOf } from "../../data/fixtures.ts";

Deno.test("findPath() finds files and folders, and nothing only where there is nothing", async () => {
  await using at = await folderOf({ "a.txt": new Uint8Array(3) });
  assertEquals((await findPath(`${at.path}/a.txt`))?.size, 3);
  assertEquals((await findPath(at.path))?.isDirectory, true);
  assertEquals(await findPath(`${at.path}/b.txt`), undefined);
  assertEquals(await findPath(`${at.path}/a.txt/c`), undefined);
  await Deno.symlink("round", `${at.path}/round`);
  const error = await assertRejects(() => findPath(`${at.path}/round`), Deno.errors.FilesystemLoop);
  assertEquals(exitCodeOf(error), 1);
});

Deno.test({
  name: "a run that may not be read is not one that is not there",
  permissions: { read: false },
  fn: async () => {
    await assertRejects(() => findPath("/a/run"), Deno.errors.NotCapable);
  },
});
