import { CIFAR10 } from "../../src/data/catalogue/cifar10.ts";
import { counted } from "../../src/counted.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseCifar } from "../../src/data/formats/cifar.ts";
import { loadCifar10, loadCifar100 } from "../../src/data/cifar/load_cifar.ts";
import { DataError } from "../../src/data/files/data_file.ts";
import { folderOf, gzip, joined, patterned, record, tar } from "./fixtures.ts";
import { pickled } from "./formats/pickles.ts";

const layout = { labelBytes: 1, labelAt: 0, classes: 10 };
const named = (file: string, bytes: Uint8Array) => ({
  file,
  bytes: bytes as Uint8Array<ArrayBuffer>,
});
const batchName = (part: number) => `data_batch_${part}.bin`;

Deno.test("parseCifar() turns red, green and blue planes into NHWC pixels", () => {
  const { images, labels, count } = parseCifar([named("a", record([4], 0))], layout);
  assertEquals([count, labels[0]], [1, 4]);
  for (const [row, column] of [[0, 0], [0, 31], [17, 5], [31, 31]]) {
    const pixel = row! * 32 + column!;
    assertEquals(
      [...images.subarray(3 * pixel, 3 * pixel + 3)],
      [patterned(pixel), patterned(1024 + pixel), patterned(2048 + pixel)],
    );
  }
});

Deno.test("parseCifar() keeps the order of files and records, any number in each", () => {
  const files = [
    named("a", joined(record([1], 0), record([2], 1), record([3], 2))),
    named("b", record([4], 3)),
  ];
  const { images, labels, count } = parseCifar(files, layout);
  assertEquals([count, ...labels], [4, 1, 2, 3, 4]);
  assertEquals(images[3 * 3072], patterned(3 * 3072));
});

for (
  const bytes of [
    new Uint8Array(),
    record([1], 0).slice(1),
    joined(record([1], 0), record([1], 0)).slice(0, -1),
  ]
) {
  Deno.test(`parseCifar() names the file and its byte count on ${bytes.length} bytes`, () => {
    assertThrows(
      () => parseCifar([named("ok", record([1], 0)), named("part.bin", bytes)], layout),
      DataError,
      `part.bin: expected one or more records of 3073 bytes, found ${
        counted(bytes.length, "byte")
      }`,
    );
  });
}

Deno.test("parseCifar() names the file and the record of a label out of range", () => {
  assertThrows(
    () => parseCifar([named("x.bin", joined(record([9], 0), record([10], 1)))], layout),
    DataError,
    "x.bin: expected labels from 0 to 9, found 10 in record 1",
  );
});

for (const under of ["", "cifar-10-batches-bin/"]) {
  Deno.test(`loadCifar10() finds both splits in DIR/${under}`, async () => {
    const files: Record<string, Uint8Array> = { [`${under}test_batch.bin`]: record([7], 9) };
    for (let part = 1; part <= 5; part++) {
      const parts = Array.from({ length: part % 2 + 1 }, () => record([part], part));
      files[under + batchName(part)] = joined(...parts);
    }
    await using folder = await folderOf(files);
    const train = await loadCifar10(folder.path, { split: "train" });
    assertEquals([...train.labels], [1, 1, 2, 3, 3, 4, 5, 5]);
    const { images, labels, ...rest } = await loadCifar10(folder.path, { split: "test" });
    assertEquals([images.length, ...labels], [3072, 7]);
    assertEquals(rest, {
      name: "CIFAR-10 test",
      count: 1,
      height: 32,
      width: 32,
      channels: 3,
      classes: 10,
      classNames: CIFAR10.classNames,
    });
  });
}

Deno.test("loadCifar10() names the training file that is missing", async () => {
  const files: Record<string, Uint8Array> = {};
  for (const part of [1, 2, 3, 5]) files[batchName(part)] = record([part], part);
  await using folder = await folderOf(files);
  await assertRejects(
    () => loadCifar10(folder.path, { split: "train" }),
    DataError,
    `${folder.path}/data_batch_4.bin: expected a file, found none`,
  );
});

Deno.test("loadCifar10() rejects a folder that is a file", async () => {
  await using folder = await folderOf({ file: record([1], 1) });
  await assertRejects(
    () => loadCifar10(`${folder.path}/file`, { split: "test" }),
    DataError,
    "test_batch.bin: expected a file, found none",
  );
});

for (const under of ["", "cifar-100-binary/"]) {
  Deno.test(`loadCifar100() reads fine labels, or coarse ones if asked, in DIR/${under}`, async () => {
    await using folder = await folderOf({
      [`${under}train.bin`]: joined(record([19, 99], 0), record([3, 42], 1)),
      [`${under}test.bin`]: record([11, 0], 2),
    });
    const fine = await loadCifar100(folder.path, { split: "train" });
    assertEquals([fine.name, fine.classes, ...fine.labels], ["CIFAR-100 train", 100, 99, 42]);
    const coarse = await loadCifar100(folder.path, { split: "test", labels: "coarse" });
    assertEquals([coarse.name, coarse.classes, ...coarse.labels], [
      "CIFAR-100 coarse test",
      20,
      11,
    ]);
    assertEquals(fine.images[1], patterned(1024));
  });
}

Deno.test("loadCifar100() names the file and the record of a label out of range", async () => {
  await using folder = await folderOf({ "test.bin": record([20, 100], 0) });
  const options = { split: "test", labels: "fine" } as const;
  await assertRejects(
    () => loadCifar100(folder.path, options),
    DataError,
    "test.bin: expected labels from 0 to 99, found 100 in record 0",
  );
  await assertRejects(
    () => loadCifar100(folder.path, { ...options, labels: "coarse" }),
    DataError,
    "expected labels from 0 to 19, found 20",
  );
});

const official = (folder: string) => ({
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].map((part) => [folder + batchName(part), record([part], part)]),
  ),
  [`${folder}test_batch.bin`]: record([7], 9),
});

Deno.test("loadCifar10() reads the official archive as it is, and folders below the one given", async () => {
  const archive = await gzip(tar(official("cifar-10-batches-bin/")));
  const files = {
    "cifar-10-binary.tar.gz": archive,
    ...official("deep/down/cifar-10-batches-bin/"),
  };
  await using folder = await folderOf(files);
  for (const place of ["/cifar-10-binary.tar.gz", "", "/deep", "/deep/down/cifar-10-batches-bin"]) {
    const [train, test] = await Promise.all(
      (["train", "test"] as const).map((split) => loadCifar10(folder.path + place, { split })),
    );
    assertEquals([[...train!.labels], [...test!.labels]], [[1, 2, 3, 4, 5], [7]]);
  }
});

Deno.test("loadCifar10() accepts names in capitals, and gzipped files", async () => {
  const files = await Promise.all(
    Object.entries(official("")).map(async (
      [name, bytes],
    ) => [`${name.toUpperCase()}.gz`, await gzip(bytes)]),
  );
  await using folder = await folderOf(Object.fromEntries(files));
  assertEquals((await loadCifar10(folder.path, { split: "train" })).count, 5);
});

const images = (count: number, seed: number) =>
  joined(...Array.from({ length: count }, (_, i) => record([], seed + i)));

Deno.test("loadCifar10() reads the Python version as it reads the binary one", async () => {
  const batches = [1, 2, 3, 4, 5].map((part) => [
    `cifar-10-batches-py/data_batch_${part}`,
    pickled(images(2, part), { labels: [part, 9] }),
  ]);
  const python = {
    ...Object.fromEntries(batches),
    "cifar-10-batches-py/test_batch": pickled(images(1, 9), { labels: [7] }),
  };
  const binary = Object.fromEntries([1, 2, 3, 4, 5].map((part) => [
    batchName(part),
    joined(record([part], part), record([9], part + 1)),
  ]));
  await using one = await folderOf({ ...python, "a.tar.gz": await gzip(tar(python)) });
  await using other = await folderOf(binary);
  const expected = await loadCifar10(other.path, { split: "train" });
  for (const place of ["", "/cifar-10-batches-py", "/a.tar.gz"]) {
    assertEquals(await loadCifar10(one.path + place, { split: "train" }), expected);
  }
  assertEquals([...(await loadCifar10(one.path, { split: "test" })).labels], [7]);
});

Deno.test("loadCifar100() reads the Python version, and both of its labels", async () => {
  const file = pickled(images(2, 3), { fine_labels: [99, 0], coarse_labels: [19, 4] });
  await using folder = await folderOf({
    "train": Uint8Array.of(1),
    "cifar-100-python/train": file,
  });
  const place = `${folder.path}/cifar-100-python`;
  assertEquals([...(await loadCifar100(place, { split: "train" })).labels], [99, 0]);
  const coarse = await loadCifar100(folder.path, { split: "train", labels: "coarse" });
  assertEquals([...coarse.labels], [19, 4]);
});

for (
  const [file, found] of [
    [pickled(images(1, 1), { other: [1] }), "no label of image 0"],
    [pickled(images(2, 1), { labels: [1] }), "no label of image 1"],
    [pickled(images(1, 1), { labels: [1] }).slice(0, 900), "another: it is truncated"],
    [Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e), "no dictionary"],
  ] as const
) {
  Deno.test(`loadCifar10() rejects a pickle with ${found}`, async () => {
    await using folder = await folderOf({ test_batch: file });
    await assertRejects(
      () => loadCifar10(folder.path, { split: "test" }),
      DataError,
      `test_batch: expected a pickle of CIFAR's images and labels, found ${found}`,
    );
  });
}

Deno.test("loadCifar10() names the version to download instead of Matlab's", async () => {
  await using folder = await folderOf({
    "cifar-10-batches-mat/data_batch_1.mat": Uint8Array.of(1),
  });
  await assertRejects(
    () => loadCifar10(folder.path, { split: "test" }),
    DataError,
    "expected a file, found the Matlab version; get the binary version, " +
      "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  );
});

Deno.test("loadCifar10() rejects an archive that is cut off", async () => {
  const archive = await gzip(tar(official("")));
  await using folder = await folderOf({ "a.tar.gz": archive.slice(0, -100) });
  await assertRejects(
    () => loadCifar10(`${folder.path}/a.tar.gz`, { split: "test" }),
    DataError,
    "a.tar.gz: expected a complete gzip stream",
  );
});
