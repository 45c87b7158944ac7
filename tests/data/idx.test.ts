import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { loadMnist } from "../../src/data/dataset.ts";
import { DataError, gunzip } from "../../src/data/files.ts";
import { parseIdxImages, parseIdxLabels } from "../../src/data/idx.ts";
import { folderOf, gzip, idx } from "./fixtures.ts";

const file = "images";
const named = (bytes: Uint8Array) => ({ file, bytes: bytes as Uint8Array<ArrayBuffer> });
const pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const imageFile = idx(2051, [2, 2, 3], pixels);
const labelFile = idx(2049, [2], [9, 0]);

Deno.test("parseIdxImages() reads count, height, width and the bytes in order", () => {
  const { images, ...sizes } = parseIdxImages(named(imageFile));
  assertEquals(sizes, { count: 2, height: 2, width: 3 });
  assertEquals([...images], pixels);
});

Deno.test("parseIdxLabels() reads the labels in order", () => {
  assertEquals([...parseIdxLabels(named(labelFile), 10)], [9, 0]);
});

const faults: [string, Uint8Array, string][] = [
  ["an empty file", new Uint8Array(), "images: expected an IDX header of 16 bytes, found 0 bytes"],
  ["a label file's magic number", idx(2049, [1, 1, 1], [0]), "magic number 2051, found 2049"],
  ["a truncated file", imageFile.slice(0, -1), "expected 28 bytes for sizes 2 × 2 × 3, found 27"],
  ["trailing bytes", idx(2051, [2, 2, 3], [...pixels, 0]), "found 29 (trailing bytes)"],
  ["no images", idx(2051, [0, 2, 3], []), "at least one pixel, found sizes 0 × 2 × 3"],
];

for (const [fault, bytes, message] of faults) {
  Deno.test(`parseIdxImages() names the file and what it found on ${fault}`, () => {
    assertThrows(() => parseIdxImages(named(bytes)), DataError, message);
    assertThrows(() => parseIdxImages(named(bytes)), DataError, `${file}: expected`);
  });
}

Deno.test("parseIdxLabels() names the file and the position of a label out of range", () => {
  assertThrows(
    () => parseIdxLabels(named(idx(2049, [3], [0, 9, 10])), 10),
    DataError,
    "images: expected labels from 0 to 9, found 10 at position 2",
  );
});

Deno.test("parseIdxLabels() says so on a truncated file", () => {
  assertThrows(() => parseIdxLabels(named(labelFile.slice(0, 9)), 10), DataError, "(truncated)");
});

Deno.test("gunzip() names the file on a truncated stream", async () => {
  const packed = (await gzip(imageFile)).slice(0, -9);
  await assertRejects(() => gunzip(named(packed)), DataError, "images: expected a whole gzip");
});

const mnistFiles = async (packed: boolean) => {
  const pack = (bytes: Uint8Array) => packed ? gzip(bytes) : bytes;
  const end = packed ? ".gz" : "";
  return {
    [`train-images-idx3-ubyte${end}`]: await pack(imageFile),
    [`train-labels-idx1-ubyte${end}`]: await pack(labelFile),
    [`t10k-images-idx3-ubyte${end}`]: await pack(idx(2051, [1, 2, 3], [6, 5, 4, 3, 2, 1])),
    [`t10k-labels-idx1-ubyte${end}`]: await pack(idx(2049, [1], [7])),
  };
};

for (const packed of [false, true]) {
  Deno.test(`loadMnist() finds ${packed ? "gzipped" : "plain"} files of both splits`, async () => {
    await using folder = await folderOf(await mnistFiles(packed));
    const train = await loadMnist(folder.path, { split: "train" });
    assertEquals([...train.images], pixels);
    assertEquals([...train.labels], [9, 0]);
    const { images, labels, ...rest } = await loadMnist(folder.path, { split: "test" });
    assertEquals([...images], [6, 5, 4, 3, 2, 1]);
    assertEquals([...labels], [7]);
    assertEquals(rest, {
      name: "MNIST test",
      count: 1,
      height: 2,
      width: 3,
      channels: 1,
      classes: 10,
    });
  });
}

Deno.test("loadMnist() names the file that is missing", async () => {
  const { "train-labels-idx1-ubyte": _, ...others } = await mnistFiles(false);
  await using folder = await folderOf(others);
  await assertRejects(
    () => loadMnist(folder.path, { split: "train" }),
    DataError,
    `${folder.path}/train-labels-idx1-ubyte: expected a file, found none`,
  );
});

Deno.test("loadMnist() says so when images and labels differ in number", async () => {
  const files = { ...await mnistFiles(false), "train-labels-idx1-ubyte": idx(2049, [1], [3]) };
  await using folder = await folderOf(files);
  await assertRejects(
    () => loadMnist(folder.path, { split: "train" }),
    DataError,
    "expected 2 labels for the images of",
  );
});
