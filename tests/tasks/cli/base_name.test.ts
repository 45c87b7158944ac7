import { assertEquals } from "@std/assert";
import { baseName } from "../../../tasks/cli/base_name.ts";

Deno.test("baseName() is the last part of a path, trailing slashes aside", () => {
  const found = ["runs/a", "runs/a/", "a", "C:\\runs\\a\\", "/"].map(baseName);
  assertEquals(found, ["a", "a", "a", "a", "/"]);
});
