import { assert, assertEquals, assertThrows } from "@std/assert";
import { floorsDrawing } from "../../../dev/architecture/floors.ts";
import { WAYS } from "../../../dev/architecture/stations.ts";
import { noteOf, wayDrawing } from "../../../dev/architecture/ways.ts";
import { sourcesOf } from "../../../dev/floors/sources.ts";

const sources = await sourcesOf(new URL("../../..", import.meta.url).pathname);
const textOf = (path: string) => sources.find((source) => source.path === path)?.text ?? "";

Deno.test("floorsDrawing() has every file of src and tasks, and arrows that go down alone", () => {
  const { rows, arrows } = floorsDrawing(sources);
  const files = rows.reduce((sum, { size }) => sum + parseInt(size!), 0);
  assertEquals(files, sources.filter(({ path }) => /^(src|tasks)\//.test(path)).length);
  assert(arrows.length > rows.length);
  for (const { from, to } of arrows) assert(from < to, `${rows[from]!.name} → ${rows[to]!.name}`);
});

for (const way of WAYS) {
  Deno.test(`the way "${way.name}" goes through files that are there and know what they pass on`, () => {
    const { rows } = wayDrawing(way, sources);
    assertEquals(rows.length, way.stations.length);
    way.stations.forEach(({ file, passes }, n) => {
      if (passes === undefined) return;
      for (const each of [file, way.stations[n + 1]!.file]) {
        assert(new RegExp(`\\b${passes}\\b`).test(textOf(each)), `${each} does not say ${passes}`);
      }
    });
  });
}

Deno.test("wayDrawing() refuses a file that is not there, noteOf() one without a comment", () => {
  const way = { name: "x", title: "X", stations: [{ file: "src/gone.ts" }] };
  assertThrows(() => wayDrawing(way, sources), Error, "src/gone.ts");
  assertEquals(noteOf({ path: "a.ts", text: "/**\n * One thing. More.\n */" }), "One thing.");
  assertThrows(() => noteOf({ path: "a.ts", text: "let a;" }), Error, "comment at its head");
});
