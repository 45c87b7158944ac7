import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { loadMnist } from "../../../src/data/mnist/load_mnist.ts";
import { DataError } from "../../../src/data/files/data_file.ts";
import { gunzip } from "../../../src/data/files/gzip.ts";
import { parseIdxImages, parseIdxLabels, readIdxLabels } from "../../../src/data/formats/idx.ts";
import { folderOf, gzip, idx, joined, npy, storedGzip } from "../fixtures.ts";

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
  ["trailing bytes", idx(2051, [2, 2, 3], [...pixels, 1]), "found 29 (trailing bytes)"],
  ["no images", idx(2051, [0, 2, 3], []), "at least one pixel, found sizes 0 × 2 × 3"],
];

for (const [fault, bytes, message] of faults) {
  Deno.test(`parseIdxImages() names the file and what it found on ${fault}`, () => {
    assertThrows(() => parseIdxImages(named(bytes)), DataError, message);
    assertThrows(() => parseIdxImages(named(bytes)), DataError, `${file}: expected`);
  });
}

/** An IDX file of numbers of another type, by the setter of DataView that writes one. */
function typed(
  type: number,
  bytes: number,
  sizes: number[],
  numbers: number[],
  set: (view: DataView, at: number, value: number) => void,
) {
  const view = new DataView(new ArrayBuffer(bytes * numbers.length));
  numbers.forEach((number, i) => set(view, bytes * i, number));
  return named(idx(type << 8 | sizes.length, sizes, new Uint8Array(view.buffer)));
}

const TYPES: readonly (readonly [
  code: number,
  bytes: number,
  set: (view: DataView, at: number, value: number) => void,
])[] = [
  [0x09, 1, (view, at, value) => view.setInt8(at, value)],
  [0x0b, 2, (view, at, value) => view.setInt16(at, value)],
  [0x0c, 4, (view, at, value) => view.setInt32(at, value)],
  [0x0d, 4, (view, at, value) => view.setFloat32(at, value)],
  [0x0e, 8, (view, at, value) => view.setFloat64(at, value)],
];

for (const [code, bytes, set] of TYPES) {
  Deno.test(`parseIdxImages() and readIdxLabels() read numbers of type ${code}`, () => {
    const small = [0, 1, 100, 127];
    const { images, ...sizes } = parseIdxImages(typed(code, bytes, [1, 2, 2], small, set));
    assertEquals([sizes, [...images]], [{ count: 1, height: 2, width: 2 }, small]);
    assertEquals([...readIdxLabels(typed(code, bytes, [4], small, set))], small);
    const below = typed(code, bytes, [1, 1, 2], [3, -1], set);
    assertThrows(
      () => parseIdxImages(below),
      DataError,
      "pixels from 0 to 255, found -1 at position 1",
    );
    assertThrows(
      () => readIdxLabels(typed(code, bytes, [2], [3, -1], set)),
      DataError,
      "expected labels from 0, found -1 at position 1",
    );
  });
}

Deno.test("parseIdxImages() rejects pixels that are not bytes", () => {
  const [, , set32] = TYPES[3]!, [, , set16] = TYPES[1]!;
  const half = typed(0x0d, 4, [1, 1, 2], [0, 0.5], set32);
  assertThrows(() => parseIdxImages(half), DataError, "found 0.5 at position 1 of 32-bit floats");
  assertThrows(
    () => parseIdxImages(typed(0x0b, 2, [1, 1, 1], [256], set16)),
    DataError,
    "found 256",
  );
});

Deno.test("readIdxLabels() reads the first column of a table, as in QMNIST", () => {
  const rows = [5, 0, 9, 9, 3, 0, 9, 9], [, , set] = TYPES[2]!;
  assertEquals([...readIdxLabels(typed(0x0c, 4, [2, 4], rows, set))], [5, 3]);
});

Deno.test("parseIdxImages() and readIdxLabels() take zeros behind the numbers for padding", () => {
  const padded = (bytes: Uint8Array) => named(joined(bytes, new Uint8Array(500)));
  assertEquals(parseIdxImages(padded(imageFile)).images, Uint8Array.from(pixels));
  assertEquals([...readIdxLabels(padded(labelFile))], [9, 0]);
  assertThrows(
    () => readIdxLabels(named(joined(labelFile, Uint8Array.of(0, 0, 3)))),
    DataError,
    "found 13 (trailing bytes)",
  );
});

Deno.test("parseIdxImages() rejects impossible sizes and unknown types", () => {
  assertThrows(
    () => parseIdxImages(named(idx(2051, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]))),
    DataError,
    "expected 7.9228162458924105e+28 bytes for sizes 4294967295 × 4294967295 × 4294967295, found 17",
  );
  for (const magic of [0x0a03, 0x1_0803, 0x0304_0803]) {
    assertThrows(() => parseIdxImages(named(idx(magic, [1, 1, 1], [0]))), DataError, "number 2051");
  }
});

Deno.test("parseIdxLabels() counts classes from the first label", () => {
  assertEquals([...parseIdxLabels(named(idx(2049, [3], [1, 26, 3])), 26, 1)], [0, 25, 2]);
  assertThrows(
    () => parseIdxLabels(named(idx(2049, [2], [1, 0])), 26, 1),
    DataError,
    "expected labels from 1 to 26, found 0 at position 1",
  );
});

Deno.test("gunzip() unpacks several streams, and zeros behind them", async () => {
  const all = Uint8Array.from({ length: 3000 }, (_, i) => i % 7 === 0 ? 0x1f : (i * 31) % 256);
  const cuts = [0, 1000, 1000, 1001, 3000];
  const parts = await Promise.all(
    cuts.slice(1).map((end, i) => gzip(all.subarray(cuts[i]!, end))),
  );
  for (const zeros of [0, 1, 512]) {
    const file = named(joined(...parts, new Uint8Array(zeros)));
    assertEquals((await gunzip(file)).bytes, all);
    const one = named(joined(await gzip(all), new Uint8Array(zeros)));
    assertEquals((await gunzip(one)).bytes, all);
  }
  // A stream that holds what looks like the beginning of another one.
  const stored = joined(Uint8Array.of(0x1f, 0x8b, 8, 0), all.subarray(0, 40));
  assertEquals(
    (await gunzip(named(joined(await storedGzip(stored), parts[0]!)))).bytes,
    joined(stored, all.subarray(0, 1000)),
  );
});

Deno.test("gunzip() rejects streams of which one is damaged, and other bytes behind them", async () => {
  const whole = await gzip(imageFile);
  for (
    const rest of [
      whole.slice(0, -3),
      Uint8Array.of(1, 2, 3),
      whole.map((byte, i) => i === whole.length - 7 ? byte ^ 1 : byte),
    ]
  ) {
    await assertRejects(
      () => gunzip(named(joined(whole, rest))),
      DataError,
      "expected a complete gzip",
    );
  }
});

Deno.test("parseIdxLabels() names the file and the position of a label out of range", () => {
  assertThrows(
    () => parseIdxLabels(named(idx(2049, [3], [0, 9, 10])), 10),
    DataError,
    "images: expected labels from 0 to 9, found 10 at position 2",
  );
});

Deno.test("parseIdxLabels() reports a truncated file", () => {
  assertThrows(() => parseIdxLabels(named(labelFile.slice(0, 9)), 10), DataError, "(truncated)");
});

Deno.test("gunzip() names the file on a truncated stream", async () => {
  const packed = (await gzip(imageFile)).slice(0, -9);
  await assertRejects(() => gunzip(named(packed)), DataError, "images: expected a complete gzip");
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
      classNames: Array.from({ length: 10 }, (_, i) => `${i}`),
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

Deno.test("loadMnist() rejects images and labels that differ in number", async () => {
  const files = { ...await mnistFiles(false), "train-labels-idx1-ubyte": idx(2049, [1], [3]) };
  await using folder = await folderOf(files);
  await assertRejects(
    () => loadMnist(folder.path, { split: "train" }),
    DataError,
    "expected 2 labels for the images of",
  );
});

Deno.test("parseIdxImages() and readIdxLabels() read NumPy's arrays, of either byte order", () => {
  const array = (type: string, shape: number[], ...bytes: number[]) =>
    named(npy(type, shape, bytes));
  assertEquals(parseIdxImages(array("|u1", [1, 2, 3], 1, 2, 3, 4, 5, 6)).width, 3);
  assertEquals([...parseIdxImages(array("<i4", [1, 1, 2], 9, 0, 0, 0, 255, 0, 0, 0)).images], [
    9,
    255,
  ]);
  assertEquals([...readIdxLabels(array("<i8", [1], 3, 0, 0, 0, 0, 0, 0, 0))], [3]);
  assertEquals([...readIdxLabels(array(">u2", [2], 1, 0, 0, 7))], [256, 7]);
  const refuses = (bytes: ReturnType<typeof array>, what: string) =>
    assertThrows(() => parseIdxImages(bytes), DataError, what);
  refuses(array("|u1", [2, 2, 3], 1), "found 1 of 12 bytes for sizes 2 × 2 × 3 (truncated)");
  refuses(array("|u1", [4, 3], ...pixels), "expected an array of 3 sizes, found one of 2");
  refuses(array("<c8", [1, 1, 1], 0, 0, 0, 0, 0, 0, 0, 0), "expected a row-major array of numbers");
});
