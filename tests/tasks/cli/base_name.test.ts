import { assertEquals } from "@std/assert";
import { baseName } from "../../../tasks/cli/base_name.ts";

Deno.test("baseName() is what stands behind the last slash that has anything behind it", () => {
  const found = ["runs/a", "runs/a/", "a", "C:\\runs\\a\\", "/"].map(baseName);
  assertEquals(found, ["a", "a", "a", "a", "/"]);
});
