/**
 * The planted faults still fit the source, so that none is skipped without a word.
 */
import { assert, assertEquals } from "@std/assert";
import { FAULTS } from "../../../dev/mutants/catalogue/mod.ts";
import { faultName, plant, roomOf } from "../../../dev/mutants/fault.ts";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

Deno.test("every fault's text occurs exactly once in its file; the message names those to mend", async () => {
  const wrong: string[] = [];
  for (const fault of FAULTS) {
    try {
      const text = await read(fault.file);
      assert(plant(text, fault) !== text, `${faultName(fault)}: changes nothing`);
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("every fault has a name of its own, and tests of its own room that exist", async () => {
  assertEquals(new Set(FAULTS.map(faultName)).size, FAULTS.length);
  for (const { file, tests } of FAULTS) {
    assert(tests.length > 0, file);
    for (const path of tests) {
      assertEquals(roomOf(path), roomOf(file), `${path} is not of the room of ${file}`);
      assert(/\.test\.ts$/.test(path) && (await Deno.stat(new URL(path, ROOT))).isFile, path);
    }
  }
});
