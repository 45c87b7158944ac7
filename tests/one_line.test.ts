import { assertEquals, assertMatch } from "@std/assert";
import { oneLine, shownJson } from "../src/one_line.ts";

Deno.test("oneLine() shows control characters, and the beginning of a long text", () => {
  assertEquals(oneLine("a: expected é × 7"), "a: expected é × 7");
  assertEquals(oneLine("a\nb\t\u001b[31mc\u202ed"), "a\\nb\\u0009\\u001b[31mc\\u202ed");
  assertEquals(oneLine("abcdef", 3), "abc…");
  assertEquals(oneLine("abc", 3), "abc");
  assertEquals(oneLine("\0\0\0", 8), "\\u0000\\u…");
  assertEquals(oneLine("x".repeat(5000)).length, 2001);
});

Deno.test("shownJson() shows any value of a file", () => {
  let nested: unknown = [];
  for (let level = 0; level < 100_000; level++) nested = [nested];
  assertEquals(shownJson({ a: [1, null] }), '{"a":[1,null]}');
  assertEquals(shownJson(undefined), "undefined");
  assertEquals(shownJson("x".repeat(500)).length, 201);
  // Some engines cannot make the text of it.
  assertMatch(shownJson(nested), /^(\[{200}…|a value that is nested too deep)$/);
});
