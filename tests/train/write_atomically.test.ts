import { assertEquals, assertRejects } from "@std/assert";
import { writeAtomically } from "../../src/train/write_atomically.ts";
import { folderOf } from "../data/fixtures.ts";

const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

Deno.test("writeAtomically() writes texts and bytes, overwrites existing files, and leaves no other file", async () => {
  await using folder = await folderOf({ "a.txt": Uint8Array.of(1, 2, 3) });
  await writeAtomically(`${folder.path}/a.txt`, "hé");
  await writeAtomically(`${folder.path}/b.bin`, new Uint8Array(1 << 20).fill(7));
  await writeAtomically(`${folder.path}/empty`, "");
  assertEquals(await Deno.readTextFile(`${folder.path}/a.txt`), "hé");
  assertEquals((await Deno.stat(`${folder.path}/b.bin`)).size, 1 << 20);
  assertEquals(namesIn(folder.path), ["a.txt", "b.bin", "empty"]);
});

Deno.test("writeAtomically() removes its temporary file where it fails", async () => {
  await using folder = await folderOf({ "taken/inner": Uint8Array.of(1) });
  await assertRejects(() => writeAtomically(`${folder.path}/taken`, "x"));
  await assertRejects(() => writeAtomically(`${folder.path}/absent/a`, "x"), Deno.errors.NotFound);
  assertEquals(namesIn(folder.path), ["taken"]);
});
