import { assertEquals } from "@std/assert";
import { applyChange, PendingChanges } from "../../../tasks/live/changes.ts";

Deno.test("changes set values in a tree, also beyond the end of a list", () => {
  const tree = { a: { list: [1] }, b: 0 };
  applyChange(tree, [["a", "list", 1], 2]);
  applyChange(tree, [["b"], null]);
  assertEquals(tree as unknown, { a: { list: [1, 2] }, b: null });
});

Deno.test("of pending changes only the last per path is sent", () => {
  const waiting = new PendingChanges();
  waiting.add([[["a"], 1], [["ab"], 1], [["list", 0], "x"]]);
  waiting.add([[["list", 1], "y"], [["a"], 2], [["list"], ["z"]], [["list", 1], "w"]]);
  assertEquals(waiting.size, 4);
  assertEquals(waiting.drain(), [[["ab"], 1], [["a"], 2], [["list"], ["z"]], [["list", 1], "w"]]);
  assertEquals(waiting.size, 0);
});
