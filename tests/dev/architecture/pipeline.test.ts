import { assert, assertEquals, assertThrows } from "@std/assert";
import { floorsDrawing } from "../../../dev/architecture/floors.ts";
import { PIPELINES } from "../../../dev/architecture/pipelines.ts";
import { pipelineDrawing, readNote } from "../../../dev/architecture/pipeline.ts";
import { readSources } from "../../../dev/floors/sources.ts";

const sources = await readSources(new URL("../../..", import.meta.url).pathname);
const textOf = (path: string) => sources.find((source) => source.path === path)?.text ?? "";

Deno.test("floorsDrawing() has every file of src and tasks, and only arrows that go down", () => {
  const { rows, arrows } = floorsDrawing(sources);
  const files = rows.reduce((sum, { size }) => sum + parseInt(size!), 0);
  assertEquals(files, sources.filter(({ path }) => /^(src|tasks)\//.test(path)).length);
  assert(arrows.length > rows.length);
  for (const { from, to } of arrows) assert(from < to, `${rows[from]!.name} → ${rows[to]!.name}`);
});

for (const pipeline of PIPELINES) {
  Deno.test(`the pipeline "${pipeline.name}" has files that exist and know what they pass on`, () => {
    const { rows } = pipelineDrawing(pipeline, sources);
    assertEquals(rows.length, pipeline.stages.length);
    pipeline.stages.forEach(({ file, passes }, n) => {
      if (passes === undefined) return;
      for (const each of [file, pipeline.stages[n + 1]!.file]) {
        assert(new RegExp(`\\b${passes}\\b`).test(textOf(each)), `${each} does not say ${passes}`);
      }
    });
  });
}

Deno.test("pipelineDrawing() refuses a file that is not there, readNote() one without a comment", () => {
  const pipeline = { name: "x", title: "X", stages: [{ file: "src/gone.ts" }] };
  assertThrows(() => pipelineDrawing(pipeline, sources), Error, "src/gone.ts");
  assertEquals(readNote({ path: "a.ts", text: "/**\n * One thing. More.\n */" }), "One thing.");
  assertThrows(() => readNote({ path: "a.ts", text: "let a;" }), Error, "comment at its head");
});
