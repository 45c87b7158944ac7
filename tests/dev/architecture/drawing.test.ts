import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { arrowsBetween } from "../../../dev/architecture/arrows.ts";
import { draw, wrap } from "../../../dev/architecture/drawing.ts";
import { THEMES } from "../../../dev/architecture/theme.ts";

Deno.test("wrap() breaks between words and keeps every one", () => {
  assertEquals(wrap("one two three", 7), ["one two", "three"]);
  assertEquals(wrap("extraordinary a b", 3), ["extraordinary", "a b"]);
});

const row = (file: string) => "abcd".indexOf(file[0]!);

Deno.test("arrowsBetween() counts imports between rows, and marks those that others imply", () => {
  const graph = new Map([
    ["a1", ["a2", "b1", "c1", "c2"]],
    ["a2", ["b1", "elsewhere"]],
    ["b1", ["c1"]],
    ["elsewhere", ["a1"]],
  ]);
  assertEquals(arrowsBetween(graph, row), [
    { from: 0, to: 1, imports: 2, implied: false },
    { from: 0, to: 2, imports: 2, implied: true },
    { from: 1, to: 2, imports: 1, implied: false },
  ]);
});

for (const theme of THEMES) {
  Deno.test(`draw() in ${theme.name} has every row, note and arrow, its texts escaped`, () => {
    const svg = draw({
      title: "A & B",
      rows: [
        { name: "top", note: "what <it> is", passes: "Batch", title: "Group" },
        { name: "bottom", size: "3 files", note: "" },
      ],
      arrows: [{ from: 0, to: 1, imports: 4, implied: false }],
    }, theme);
    for (const text of ["top", "what &#60;it&#62; is", "Batch", "Group", "bottom", "3 files"]) {
      assertStringIncludes(svg, `>${text}</text>`);
    }
    assertStringIncludes(svg, "<title>A &#38; B</title>");
    assertEquals(svg.match(new RegExp(`stroke="${theme.arrow}"`, "g"))?.length, 1);
    assert(!/NaN|undefined/.test(svg));
  });
}
