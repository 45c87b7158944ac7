/**
 * Pictures of a user as data sets of a run.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataError } from "../../../../src/data/mod.ts";
import { OptionError } from "../../../../tasks/cli/option_table.ts";
import { leftOutLines } from "../../../../tasks/datasets/pictures/index_progress.ts";
import { loadPictures } from "../../../../tasks/datasets/pictures/load_pictures.ts";
import { flatPng, named, pictureFolder, withCache } from "./folders.ts";

/** A reporter that keeps its lines. */
function keeper() {
  const lines: string[] = [];
  return { lines, reporter: { say: (line: string) => void lines.push(line) } };
}

const all = { train: undefined, test: undefined };

Deno.test("loadPictures() resizes pictures of any size, and reads them from the cache again", async () => {
  await using folder = await pictureFolder(named(["a", "b"], 5)), cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const { lines, reporter } = keeper(), request = { size: 6, counts: all, reporter };
  const { train, test } = await loadPictures(folder.path, request);
  const { count, height, channels, classes, classNames } = train;
  assertEquals([count, test.count, height, channels, classes], [8, 2, 6, 3, 2]);
  assertEquals(classNames, ["a", "b"]);
  const grays = [train, test].flatMap(({ images, labels }) =>
    Array.from(labels, (label, i) => {
      const image = images.slice(i * 108, (i + 1) * 108);
      assert(image.every((byte) => byte === image[0]));
      return `${label}: ${image[0]}`;
    })
  );
  assertEquals(grays.sort(), named(["0", "1"], 5).map((name, i) => `${name[0]}: ${8 * i}`).sort());
  assertEquals(
    lines[0],
    `${folder.path}: 2 classes, 8 pictures for training, 2 pictures for testing ` +
      "(20 % of each class, by a hash of the names)",
  );
  assertEquals(await loadPictures(folder.path, request), { train, test });
  // Other contents, another size and a damaged cache are decoded again.
  await Deno.writeFile(`${folder.path}/a/0.png`, await flatPng(4, 4, 200));
  for await (const { name } of Deno.readDir(`${cache.path}/pictures`)) {
    const path = `${cache.path}/pictures/${name}`, bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.with(5, 1 + bytes[5]!));
  }
  const changed = await loadPictures(folder.path, request);
  assert([changed.train, changed.test].some(({ images }) => images.includes(200)));
});

Deno.test("loadPictures() takes the validation pictures for a run, and the test pictures for its evaluation", async () => {
  const names = ["train", "val", "test"].flatMap((split) => named([`${split}/a`, `${split}/b`], 2));
  await using folder = await pictureFolder([...names, "test/a/more"]),
    cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const { lines, reporter } = keeper(), request = { size: 4, counts: all, reporter };
  const training = await loadPictures(folder.path, request);
  assertEquals([training.test.name, training.test.count], ["pictures validation", 4]);
  assertStringIncludes(
    lines[0]!,
    "4 pictures for training, 4 pictures for validation, 5 pictures for testing",
  );
  assertStringIncludes(lines[0]!, "(the folders test, train, val)");
  const evaluation = await loadPictures(folder.path, { ...request, purpose: "evaluation" });
  assertEquals([evaluation.test.name, evaluation.test.count], ["pictures test", 5]);
});

Deno.test("loadPictures() leaves out broken pictures, and says which", async () => {
  const broken = (await flatPng(20, 20, 7)).subarray(0, 60);
  await using folder = await pictureFolder(named(["a", "b"], 4), { "b/bad.png": broken });
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  const { lines, reporter } = keeper(), request = { size: 5, counts: all, reporter };
  const { train, test } = await loadPictures(folder.path, request);
  assertEquals(train.count + test.count, 8);
  assertEquals(
    lines.at(-2),
    "left out 1 picture that cannot be read (--strict makes that an error):",
  );
  assertStringIncludes(
    lines[2]!,
    `${folder.path}/b/bad.png: expected a whole image, found a damaged one`,
  );
  await assertRejects(
    () => loadPictures(folder.path, { ...request, strict: true }),
    DataError,
    `${folder.path}/b/bad.png: expected a whole image, found a damaged one`,
  );
});

Deno.test("leftOutLines() names a few pictures, and counts the others", () => {
  const faults = Array.from({ length: 1300 }, (_, i) => `${i}.png: broken`),
    lines = leftOutLines(faults);
  assertEquals(lines.length, 7);
  assertEquals([lines[0], lines[6]], [
    "left out 1,300 pictures that cannot be read (--strict makes that an error):",
    "  and 1,295 more",
  ]);
  assertEquals(leftOutLines([]), []);
});

Deno.test("loadPictures() says that there are fewer pictures than asked for", async () => {
  await using folder = await pictureFolder(named(["a", "b"], 5));
  await assertRejects(
    () => loadPictures(folder.path, { size: 5, counts: { train: 9, test: 1 }, ...keeper() }),
    OptionError,
    "--subset: expected at most 8 pictures, which there are for this split, found 9",
  );
});
