/**
 * A sample of all damage to the files that tasks read back: each ends in one line with an exit code.
 */
import { assertEquals } from "@std/assert";
import { walkRun } from "../../dev/fuzz/side_files/walk.ts";
import { folderOf } from "../data/fixtures.ts";

Deno.test("tasks end in one line whatever is wrong with a run's files: a sample of the damage", async () => {
  await using at = await folderOf({});
  const tasks = ["inspect", "report", "watch", "compare", "export", "resume"];
  const { cases, finds } = await walkRun(at.path, { every: 91, first: 7, tasks });
  assertEquals(finds, []);
  assertEquals(cases > 100, true, `${cases} cases`);
});
