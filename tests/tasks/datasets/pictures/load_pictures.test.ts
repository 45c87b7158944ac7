import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../../../src/data/mod.ts";
import { OptionError } from "../../../../tasks/cli/option_table.ts";
import {
  holdsPictures,
  readClassFolders,
} from "../../../../tasks/datasets/pictures/class_folders.ts";
import { loadPictures } from "../../../../tasks/datasets/pictures/load_pictures.ts";
import { COLOR, pngOf } from "../../images/png.ts";
import { flatPng, named, pictureFolder, withCache } from "./folders.ts";

/** A reporter that keeps that pictures are decoded. */
function keeper() {
  const lines: string[] = [];
  return {
    lines,
    reporter: { say: (line: string) => void (line.startsWith("decoding") && lines.push(line)) },
  };
}

const all = { train: undefined, test: undefined };

Deno.test("readClassFolders() takes the folders train and test", async () => {
  for (const test of ["test", "val"]) {
    await using folder = await pictureFolder([
      ...named(["train/b", "train/a"], 2),
      "train/a/deep/er",
      `${test}/b/9`,
    ], { "train/a/notes.txt": new Uint8Array(3), "train/empty/x.txt": new Uint8Array(1) });
    assert(await holdsPictures(folder.path));
    const { classNames, splits } = await readClassFolders(folder.path);
    assertEquals(classNames, ["a", "b"]);
    assertEquals(splits.train.map(({ label }) => label).toSorted(), [0, 0, 0, 1, 1]);
    assertEquals(splits.test, [{ path: `${folder.path}/${test}/b/9.png`, label: 1 }]);
  }
});

Deno.test("readClassFolders() splits each class otherwise, always alike", async () => {
  await using folder = await pictureFolder(named(["cat", "dog"], 10));
  const { splits } = await readClassFolders(folder.path),
    again = await readClassFolders(folder.path);
  const labels = (of: "train" | "test") => splits[of].map(({ label }) => label).toSorted();
  assertEquals(labels("test"), [0, 0, 1, 1]);
  assertEquals(labels("train"), [...new Array(8).fill(0), ...new Array(8).fill(1)]);
  assertEquals(new Set([...splits.train, ...splits.test].map(({ path }) => path)).size, 20);
  assertEquals(again.splits, splits);
  // Classes are mixed, so that the first pictures of a set are of both.
  assertEquals(new Set(splits.train.slice(0, 6).map(({ label }) => label)).size, 2);
});

Deno.test("loadPictures() resizes pictures of any size, and reads them from the cache again", async () => {
  await using folder = await pictureFolder(named(["a", "b"], 5)), cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const first = keeper(), request = { size: 6, counts: all };
  const { train, test } = await loadPictures(folder.path, { ...request, ...first });
  assertEquals([train.count, test.count, train.height, train.channels, train.classes], [
    8,
    2,
    6,
    3,
    2,
  ]);
  assertEquals(train.classNames, ["a", "b"]);
  const { splits } = await readClassFolders(folder.path);
  splits.train.forEach(({ path }, i) => {
    const [, name, at] = /(\w)\/(\d)\.png$/.exec(path)!,
      gray = 8 * (Number(at) + (name === "b" ? 5 : 0));
    assertEquals(train.images.slice(i * 108, (i + 1) * 108), new Uint8Array(108).fill(gray), path);
    assertEquals(train.labels[i], name === "b" ? 1 : 0);
  });
  assertEquals(first.lines.length, 2);
  const second = keeper();
  assertEquals(await loadPictures(folder.path, { ...request, ...second }), { train, test });
  assertEquals(second.lines, []);
  // Other contents, another size and a damaged cache are decoded again.
  await Deno.writeFile(`${folder.path}/a/0.png`, await flatPng(4, 4, 200));
  for await (const { name } of Deno.readDir(`${cache.path}/pictures`)) {
    const path = `${cache.path}/pictures/${name}`, bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.with(5, 1 + bytes[5]!));
  }
  const third = keeper(), changed = await loadPictures(folder.path, { ...request, ...third });
  assertEquals(third.lines.length, 2);
  assert([changed.train, changed.test].some(({ images }) => images.includes(200)));
});

Deno.test("loadPictures() crops the central square before it resizes", async () => {
  const pixels = Array.from({ length: 20 * 10 }, (_, i) => i % 20 < 5 || i % 20 >= 15 ? 255 : 60);
  const wide = await pngOf({ width: 20, height: 10, color: COLOR.gray }, pixels);
  await using folder = await pictureFolder(named(["b"], 2), { "a/1.png": wide, "a/2.png": wide });
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const { train } = await loadPictures(folder.path, { size: 5, counts: all, ...keeper() });
  const at = train.labels.indexOf(0);
  assertEquals(train.images.slice(at * 75, (at + 1) * 75), new Uint8Array(75).fill(60));
});

Deno.test("loadPictures() names what is wrong with a folder", async () => {
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const broken = (await flatPng(20, 20, 7)).subarray(0, 60);
  const cases: [string[], Record<string, Uint8Array>, string][] = [
    [[], {}, ": expected at least two class folders with PNG or JPEG pictures, found none"],
    [
      ["loose", "loose2"],
      {},
      ": expected at least two class folders with PNG or JPEG pictures, found none",
    ],
    [
      named(["only"], 3),
      {},
      ": expected at least two class folders with PNG or JPEG pictures, found only only",
    ],
    [
      [...named(["a"], 3), "b/0"],
      {},
      "/b: expected at least two pictures, one to train on and one to test on, found ",
    ],
    [
      [...named(["train/a", "train/b"], 2), "test/c/1"],
      {},
      "/test/c: expected a class that has training pictures, one of a, b, found c",
    ],
    [
      named(["train/a", "train/b"], 2),
      { "test/x.txt": broken },
      "/test: expected pictures in class folders, found none",
    ],
    [
      named(["a", "b"], 4),
      { "b/bad.png": broken },
      "/b/bad.png: expected a whole image, found a damaged one",
    ],
    [
      named(["a", "b"], 4),
      { "b/bad.jpg": new Uint8Array(0) },
      "/b/bad.jpg: expected a PNG or JPEG image, found an empty file",
    ],
  ];
  for (const [names, more, message] of cases) {
    await using folder = await pictureFolder(names, more);
    await assertRejects(
      () => loadPictures(folder.path, { size: 5, counts: all, ...keeper() }),
      DataError,
      `${folder.path}${message}`,
    );
  }
  await using folder = await pictureFolder(named(["a", "b"], 5));
  await assertRejects(
    () => loadPictures(folder.path, { size: 5, counts: { train: 9, test: 1 }, ...keeper() }),
    OptionError,
    "--subset: expected at most 8 pictures, which there are for this split, found 9",
  );
});
