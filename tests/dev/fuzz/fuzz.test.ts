import { assert, assertEquals, assertMatch } from "@std/assert";
import finds from "../../../dev/fuzz/finds.json" with { type: "json" };
import { DataError } from "../../../src/data/mod.ts";
import { editJson } from "../../../dev/fuzz/json_edits.ts";
import { expect, type Format } from "../../../dev/fuzz/format.ts";
import { FORMATS } from "../../../dev/fuzz/formats/mod.ts";
import {
  fileOf,
  type Find,
  judge,
  openFormat,
  type Recipe,
  recipeOf,
} from "../../../dev/fuzz/judge.ts";
import { runSpan } from "../../../dev/fuzz/run.ts";
import { folderOf } from "../../data/fixtures.ts";

/** Files of each format, and the seed of all. */
const COUNT = 300, SEED = 18;

for (const [order, format] of FORMATS.entries()) {
  Deno.test(`fuzz: ${COUNT} damaged files of ${format.name} are read or refused, seed ${SEED}`, async () => {
    const open = await openFormat(format), found: Find[] = [];
    if (open.seeds.length === 0) return console.log(`${format.name}: its package cannot be loaded`);
    await using folder = await folderOf({});
    for (const [i, seed] of open.seeds.entries()) {
      assertEquals(await judge(open, seed, folder.path), { accepted: true }, `seed ${i}`);
    }
    const span = { seed: SEED, order, from: 0, to: COUNT };
    const { files, accepted } = await runSpan(open, span, { found: (find) => found.push(find) });
    assertEquals(found, []);
    assert(files === COUNT && accepted > 0, `${accepted} of ${files} accepted`);
  });
}

Deno.test("fuzz: what was found once is mended", async () => {
  await using folder = await folderOf({});
  const folders = finds.map((_, i) => `${folder.path}/${i}`);
  await Promise.all(folders.map((path) => Deno.mkdir(path)));
  for (const [i, { what, recipe }] of finds.entries()) {
    const format = FORMATS.find(({ name }) => name === recipe.format)!;
    const open = await openFormat(format), bytes = await fileOf(open, recipe as unknown as Recipe);
    const verdict = await judge(open, bytes, folders[i]!);
    assert(!("fault" in verdict), `${what}: ${JSON.stringify(verdict)}`);
  }
});

/** A format of four bytes, whose reader does as it is told. */
const planted = (read: (bytes: Uint8Array) => void): Format => ({
  name: "planted",
  seeds: () => Promise.resolve([Uint8Array.of(1, 2, 3, 4)]),
  read: (bytes) => Promise.resolve(read(bytes)),
});

const faultOf = async (read: (bytes: Uint8Array) => void): Promise<string | undefined> => {
  const found: Find[] = [];
  const span = { seed: 1, order: 0, from: 0, to: 300 };
  await runSpan(await openFormat(planted(read)), span, { found: (find) => found.push(find) });
  assert(found.every(({ edits }) => edits.length === 1), "a find of one edit is shown as one");
  return found[0]?.fault;
};

Deno.test("fuzz: each kind of fault is found, and shown with as few edits as it takes", async () => {
  const long = (bytes: Uint8Array) => bytes.length > 4;
  assertEquals(await faultOf(() => {}), undefined);
  assertEquals(
    await faultOf((bytes) => {
      if (long(bytes)) throw new DataError("a: expected four bytes, found more");
    }),
    undefined,
  );
  assertMatch(
    (await faultOf((bytes) => {
      if (long(bytes)) (bytes as unknown as { no: () => void }).no();
    }))!,
    /^TypeError: bytes\.no is not a function/,
  );
  assertMatch((await faultOf((bytes) => expect(!long(bytes), "five bytes")))!, /accepted: five/);
  assertMatch(
    (await faultOf((bytes) => {
      if (!long(bytes)) return;
      const error = new DataError("a");
      error.message = "one\ntwo";
      throw error;
    }))!,
    /^not one line/,
  );
  assertMatch(
    (await faultOf((bytes) => {
      const error = new DataError("a");
      error.message = "x".repeat(5000);
      if (long(bytes)) throw error;
    }))!,
    /^5000 characters/,
  );
});

Deno.test("fuzz: a seed makes the same files again, another one others", async () => {
  const open = await openFormat(FORMATS[0]!);
  const some = (seed: number) =>
    Promise.all([0, 1, 2, 3].map((file) => fileOf(open, recipeOf(open, seed, 0, file))));
  assertEquals(await some(5), await some(5));
  assert(JSON.stringify(await some(5)) !== JSON.stringify(await some(6)));
});

Deno.test("fuzz: fields of JSON are left out, moved, and given other types", () => {
  const text = '{"a":{"b":1},"c":[true,"x"]}', made = new Set<string>();
  for (let a = 0; a < 6; a++) {
    for (let b = 0; b < 40; b++) made.add(editJson(text, a, b, 7 * a + b + 1));
  }
  assert(made.size > 40 && made.has('{"c":[true,"x"]}') && made.has('{"a":{},"c":[true,"x"]}'));
  for (const each of made) JSON.parse(each);
  assertEquals(editJson("{", 1, 2, 3), "{");
});
