import { assertEquals } from "@std/assert";
import { aligned } from "../../../tasks/cli/align.ts";

Deno.test("aligned() pads columns, the first to the right and the others to the left", () => {
  assertEquals(aligned([["a", "1", "22"], ["bcd", "333"], ["×é", "4", ""]]), [
    "a      1  22",
    "bcd  333",
    "×é     4",
  ]);
  assertEquals(aligned([["a", "b", "c"], ["dd", "ee", "ff"]], 2), ["a   b    c", "dd  ee  ff"]);
  assertEquals(aligned([]), []);
});

Deno.test("aligned() shows names of files without what controls a terminal", () => {
  assertEquals(aligned([["a\u001b[31m", "1"], ["b\nc\td", "2"]]), ["a?[31m  1", "b c?d   2"]);
});
