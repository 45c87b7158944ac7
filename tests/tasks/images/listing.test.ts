/**
 * Which pictures folders and tables list, and in which split.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../../src/data/mod.ts";
import { holdsPictures, listPlace } from "../../../tasks/images/listing/mod.ts";
import { hashText, splitClass } from "../../../tasks/images/listing/split.ts";
import { folderOf } from "../../data/fixtures.ts";

const held = { share: 0.2, seed: 0 };

/** A folder of empty files. */
const filesOf = (...names: readonly string[]) =>
  folderOf(Object.fromEntries(names.map((name) => [name, new Uint8Array()])));

const numbered = (stem: string, count: number, ending = "jpg") =>
  Array.from({ length: count }, (_, i) => `${stem}${i}.${ending}`);

/** The names of a listing's files, sorted, by split. */
async function namesOf(place: string, options: Partial<Parameters<typeof listPlace>[1]> = {}) {
  const { train, validation, test, classNames } = await listPlace(place, { held, ...options });
  const names = (files: typeof train) => files.map(({ name }) => name).sort();
  return { classNames, train: names(train), validation: names(validation), test: names(test) };
}

Deno.test("a folder for each class holds pictures of every kind, at any depth, with any name", async () => {
  await using folder = await filesOf(
    ...["b c/größe 1.JPG", "b c/deep/er/2.webp", "a/x.png", "a/y.TIFF", "a/z.avif"],
    ...["a/Thumbs.db", "a/.hidden.png", "a/notes.txt", "a/desktop.ini", "__MACOSX/a/._x.png"],
    ...[".git/x.png", "empty/readme.md", "loose.png", "日本/一.png", "日本/二.gif"],
  );
  const { classNames, train, test } = await namesOf(folder.path);
  assertEquals(classNames, ["a", "b c", "日本"]);
  assertEquals([...train, ...test].sort(), [
    "a/x.png",
    "a/y.TIFF",
    "a/z.avif",
    "b c/deep/er/2.webp",
    "b c/größe 1.JPG",
    "日本/一.png",
    "日本/二.gif",
  ]);
});

Deno.test("links to files and folders are followed, but not in circles", async () => {
  await using folder = await filesOf("a/1.png", "a/2.png", "b/1.png", "b/2.png");
  await using other = await filesOf("3.png", "c.png");
  await Deno.symlink(other.path, `${folder.path}/c`);
  await Deno.symlink(`${other.path}/c.png`, `${folder.path}/a/linked.png`);
  await Deno.symlink(`${folder.path}/a`, `${folder.path}/a/again`);
  await Deno.symlink(`${other.path}/gone.png`, `${folder.path}/b/gone.png`);
  const { classNames, train, test } = await namesOf(folder.path);
  assertEquals(classNames, ["a", "b", "c"]);
  assertEquals([...train, ...test].sort(), [
    ...["a/1.png", "a/2.png", "a/linked.png", "b/1.png", "b/2.png", "c/3.png", "c/c.png"],
  ]);
});

for (
  const [training, validation, testing] of [
    ["train", "val", "test"],
    ["Training", "Validation", "Testing"],
    ["TRAIN", "valid", "TEST"],
  ]
) {
  Deno.test(`the folders ${training}, ${validation} and ${testing} are splits`, async () => {
    const folders = [training, validation, testing];
    await using folder = await filesOf(
      ...folders.flatMap((name) => ["x", "y"].map((label) => `${name}/${label}/1.png`)),
    );
    assert(await holdsPictures(folder.path));
    assertEquals(await namesOf(folder.path), {
      classNames: ["x", "y"],
      train: [`${training}/x/1.png`, `${training}/y/1.png`],
      validation: [`${validation}/x/1.png`, `${validation}/y/1.png`],
      test: [`${testing}/x/1.png`, `${testing}/y/1.png`],
    });
  });
}

Deno.test("without a test or validation folder a part of the training pictures is held out", async () => {
  await using folder = await filesOf(...numbered("train/a/", 10), ...numbered("train/b/", 5));
  const { train, test, validation } = await namesOf(folder.path);
  assertEquals([train.length, validation.length, test.length], [12, 0, 3]);
  await using both = await filesOf(
    ...numbered("train/a/", 2),
    ...numbered("train/b/", 2),
    "val/b/1.png",
  );
  assertEquals((await namesOf(both.path)).validation, ["val/b/1.png"]);
});

Deno.test("a folder train of pictures is a class beside others", async () => {
  await using folder = await filesOf(
    ...numbered("train/", 5),
    ...numbered("car/", 5),
    ...numbered("bus/", 5),
  );
  assertEquals((await namesOf(folder.path)).classNames, ["bus", "car", "train"]);
});

Deno.test("the split is stratified, and the same for the same names", async () => {
  const names = [...numbered("a/", 50), ...numbered("b/", 10), ...numbered("c/", 3)];
  await using folder = await filesOf(...names);
  await using again = await filesOf(...names.toReversed());
  const first = await namesOf(folder.path);
  assertEquals(await namesOf(again.path), first);
  const tested = (label: string) => first.test.filter((name) => name.startsWith(label)).length;
  assertEquals(["a", "b", "c"].map(tested), [10, 2, 1]);
  const other = await namesOf(folder.path, { held: { share: 0.2, seed: 1 } });
  assert(other.test.join() !== first.test.join());
  const half = await namesOf(folder.path, { held: { share: 0.5, seed: 0 } });
  assertEquals(half.test.length, 25 + 5 + 2);
  assert(first.test.every((name) => half.test.includes(name)));
});

Deno.test("splitClass() moves at most one picture for each further one", () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ name: `photo ${i}` }));
  for (let count = 2; count < 60; count++) {
    const before = splitClass(items.slice(0, count), held),
      after = splitClass(items.slice(0, count + 1), held);
    const moved = before.test.filter((item) => after.train.includes(item)).length +
      before.train.filter((item) => after.test.includes(item)).length;
    assert(moved <= 1, `${moved} of ${count}`);
    assertEquals(before.train.length + before.test.length, count);
    assert(before.test.length >= 1 && before.train.length >= 1);
  }
});

Deno.test("hashText() is the same for composed and decomposed letters, and even", () => {
  assertEquals(hashText("gro\u0308ße", 3), hashText("größe", 3));
  const hashes = Array.from({ length: 4000 }, (_, i) => hashText(`class/${i}.jpg`, 0) / 2 ** 53);
  assert(hashes.every((hash) => hash >= 0 && hash < 1));
  for (let part = 0; part < 10; part++) {
    const count = hashes.filter((hash) => Math.floor(10 * hash) === part).length;
    assert(count > 330 && count < 470, `${count} of 4000 in part ${part}`);
  }
});

Deno.test("what is wrong with a folder is said in one line", async () => {
  const cases: [readonly string[], string][] = [
    [[], ": expected at least two class folders with pictures, found none"],
    [["1.png", "2.png"], ": expected at least two class folders with pictures, found none"],
    [numbered("only/", 3), ": expected at least two class folders with pictures, found only only"],
    [
      [...numbered("a/", 3), "b/1.png"],
      "/b: expected at least two pictures, one to train on and one to test on, found ",
    ],
    [
      [...numbered("train/a/", 2), ...numbered("train/b/", 2), "test/c/1.png"],
      ": expected the test pictures to be of classes that have training pictures, a, b, found c",
    ],
    [
      [...numbered("train/a/", 2), ...numbered("train/b/", 2), "test/x.txt"],
      "/test: expected pictures in class folders, found none",
    ],
  ];
  for (const [names, message] of cases) {
    await using folder = await filesOf(...names);
    await assertRejects(() => namesOf(folder.path), DataError, folder.path + message);
  }
  await assertRejects(
    () => namesOf("/nowhere/photos"),
    DataError,
    "/nowhere/photos: expected a folder of pictures, or a table (CSV) of them, found nothing there",
  );
});

const text = (table: string) => new TextEncoder().encode(table);

/** The listing of a table in a folder of its own. */
async function listTable(
  table: string,
  options: Partial<Parameters<typeof listPlace>[1]> = {},
  file = "photos.csv",
) {
  await using folder = await folderOf({ [file]: text(table) });
  const place = `${folder.path}/${file}`;
  return { place, folder: folder.path, ...await listPlace(place, { held, ...options }) };
}

const rows = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

Deno.test("a table lists paths from its folder and classes, with or without a header", async () => {
  const plain = await listTable(rows(10, (i) => `img/${i}.jpg,${i % 2 ? "dog" : "cat"}`));
  assertEquals(plain.classNames, ["cat", "dog"]);
  assertEquals([plain.train.length, plain.test.length], [8, 2]);
  for (const { path, name, label } of [...plain.train, ...plain.test]) {
    assertEquals(path, `${plain.folder}/${name}`);
    assertEquals(label, Number(name.match(/\d/)![0]) % 2);
  }
  const order = (listing: { readonly train: readonly { readonly name: string }[] }) =>
    listing.train.map(({ name }) => name);
  for (const head of ["path,label", "Image,Class", "filename,species", "label,file"]) {
    const flipped = head.startsWith("label");
    const cells = (i: number) => [`img/${i}.jpg`, i % 2 ? "dog" : "cat"];
    const body = rows(10, (i) => (flipped ? cells(i).toReversed() : cells(i)).join(","));
    assertEquals(order(await listTable(`${head}\n${body}`)), order(plain), head);
  }
  const semicolons = await listTable(
    `\ufeffpath;label\r\n${rows(10, (i) => `img/${i}.jpg;${i % 2}`)}\r\n`,
  );
  assertEquals(semicolons.classNames, ["0", "1"]);
  const tabs = await listTable(rows(10, (i) => `img/${i}.jpg\t${i % 2}`), {}, "photos.tsv");
  assertEquals(order(tabs), order(plain));
});

Deno.test("a table's columns may be named, and hold splits, quotes and absolute paths", async () => {
  const table = "id,where,what,part,note\n" +
    '1,"/x/a, b.png",ape,training,"said ""hi"""\n2,b.png,bee,train,\n3,c.png,ape,Val,\n4,d.png,bee,test,\n';
  const columns = { path: "where", label: "what", split: "part" };
  const { train, validation, test, classNames, folder } = await listTable(table, { columns });
  assertEquals(classNames, ["ape", "bee"]);
  const pathsOf = (files: typeof train) => files.map(({ path }) => path).sort();
  assertEquals(pathsOf(train), ["/x/a, b.png", `${folder}/b.png`].sort());
  assertEquals([pathsOf(validation), pathsOf(test)], [[`${folder}/c.png`], [`${folder}/d.png`]]);
});

Deno.test("classes that are integers are in the order of their values", async () => {
  const { classNames } = await listTable(rows(24, (i) => `${i}.png,${i % 12}`));
  assertEquals(classNames, Array.from({ length: 12 }, (_, i) => `${i}`));
});

Deno.test("a table may list numbers in place of classes", async () => {
  const table = `path,x,y\n${rows(10, (i) => `${i}.png,${i / 2},${-i}`)}`;
  const { classNames, train, test } = await listTable(table, { columns: { numbers: ["x", "y"] } });
  assertEquals(classNames, ["x", "y"]);
  assertEquals([train.length, test.length], [8, 2]);
  for (const { name, numbers } of train) {
    const i = parseInt(name);
    assertEquals(numbers, [i / 2, -i]);
  }
});

Deno.test("what is wrong with a table is said in one line, with its row", async () => {
  const cases: [string, Parameters<typeof listTable>[1], string][] = [
    ["", {}, "expected a table of pictures and labels, found an empty file"],
    ["path,label\n", {}, "expected rows of pictures and labels, found only path, label"],
    ["a.png,x\nb.png\n", {}, "expected a table (CSV) of pictures and labels, found "],
    [
      "path,a,b\n1.png,2,3\n",
      {},
      "expected a column of labels, found path, a, b; --label-column names it",
    ],
    ["x,y\n1,2\n3,4\n", {}, "expected a column of paths, found "],
    ["path,label\n1.png,\n", {}, "row 2: expected a value of label, found none"],
    ["1.png,x\n2.png,x\n", {}, "expected at least two classes in the table, found only x"],
    [
      "path,label\n1.png,x\n2.png,y\n",
      { columns: { label: "kind" } },
      "expected a column kind, as --label-column says, found path, label",
    ],
    [
      "path,label,split\n1.png,x,train\n2.png,y,later\n",
      {},
      "row 3: expected a split, one of train, training, val, valid, validation, dev, test, testing, found later",
    ],
    [
      "path,x\n1.png,two\n",
      { columns: { numbers: ["x"] } },
      "row 2: expected x to be a number, found two",
    ],
    [
      "\n\npath,label\n1.png,x\n2.png\n",
      {},
      "row 3: expected 2 values as in the first row, found 1",
    ],
    [
      "path,x\n1.png,3e38\n2.png,-4e38\n",
      { columns: { numbers: ["x"] } },
      "row 3: expected x to be a number, found -4e38, which no 32-bit float holds",
    ],
    [
      "path,label,split\n1.png,x,train\n2.png,y,test\n3.png,x,test\n",
      {},
      "expected the test pictures to be of classes that have training pictures, x, found y",
    ],
    [
      "path,label,split\n1.png,x,val\n2.png,y,test\n",
      {},
      "expected rows of the split train, found none",
    ],
  ];
  for (const [table, options, message] of cases) {
    await assertRejects(() => listTable(table, options), DataError, `photos.csv: ${message}`);
  }
});
