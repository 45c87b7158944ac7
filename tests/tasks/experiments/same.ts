/**
 * Comparing the results of an experiment.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { rowsIn, timeless } from "../kills.ts";

const json = async (path: string) => timeless(JSON.parse(await Deno.readTextFile(path)));

const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

/** Fails unless two folders hold the same but for times: tables, reports, and weights to the bit. */
export async function assertSame(found: string, expected: string): Promise<void> {
  assertEquals(namesIn(found), namesIn(expected), found);
  for (const name of namesIn(expected)) {
    const [ours, theirs] = [`${found}/${name}`, `${expected}/${name}`];
    if (name.endsWith(".json")) assertEquals(await json(ours), await json(theirs), ours);
    else if (name.endsWith(".csv")) assertEquals(await rowsIn(ours), await rowsIn(theirs), ours);
    else if ((await Deno.stat(theirs)).isDirectory) await assertSame(ours, theirs);
    else {
      const [a, b] = [await Deno.readFile(ours), await Deno.readFile(theirs)];
      assert(a.toHex() === b.toHex(), `${ours}: expected the bytes of ${theirs}, found others`);
    }
  }
}
