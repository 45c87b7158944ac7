/**
 * Files that tasks of the tree keep in it are read by schemas: whole as they are, and damaged ones, such as after a
 * merge, end in one line.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { GOLDEN, readGolden } from "../../dev/golden/main.ts";
import { readResults } from "../../dev/mutants/results.ts";
import { readOutcomes } from "../../dev/systems/measure.ts";
import { TaskError } from "../../tasks/cli/mod.ts";
import { folderOf } from "../data/fixtures.ts";

const KEPT: readonly (readonly [
  file: URL,
  read: (path: string) => Promise<unknown>,
  field: string,
  fault: string,
])[] = [
  [GOLDEN, readGolden, "sha256", '["cpu, baseline"].fitnet1.5.sha256: expected a text'],
  [new URL("../../dev/mutants/results.json", import.meta.url), readResults, "hash", "hash: expect"],
  [new URL("../../dev/systems/lsuv.json", import.meta.url), readOutcomes, "units", "fitnet4.units"],
];

for (const [file, read, field, fault] of KEPT) {
  const name = file.pathname.split("/").slice(-2).join("/");
  Deno.test(`${name} is read whole, and a damaged one is named with its field`, async () => {
    await using folder = await folderOf({});
    const path = `${folder.path}/kept.json`, text = await Deno.readTextFile(file);
    assertEquals(await read(file.pathname), JSON.parse(text));
    assertEquals(await read(path), {});
    await Deno.writeTextFile(path, text.replace(`"${field}"`, '"other"'));
    const error = await assertRejects(() => read(path), TaskError, `${path}: `);
    assertEquals(error.message.includes(fault), true, error.message);
    await Deno.writeTextFile(path, `<<<<<<< HEAD\n${text}`);
    await assertRejects(() => read(path), TaskError, `${path}: expected JSON, found other text`);
  });
}
