import { assertEquals, assertRejects } from "@std/assert";
import type { Split } from "../../../src/data/dataset.ts";
import { loadMnist } from "../../../src/data/mnist/load_mnist.ts";
import { DataError } from "../../../src/data/files/data_file.ts";
import { folderOf, gzip, joined, tar, zip } from "../fixtures.ts";
import { four, IMAGES, labels, prefixed, t10k, usual } from "../idx_files.ts";

const NAMES: readonly (readonly [string, (split: Split, what: "images" | "labels") => string])[] = [
  ["dots", (split, what) => usual(split, what).replace("-idx", ".idx")],
  ["capitals", (split, what) => usual(split, what).toUpperCase()],
  ["underscores", (split, what) => usual(split, what).replaceAll("-", "_")],
  ["test for t10k", (split, what) => usual(split, what).replace("t10k", "test")],
  ["no type", (split, what) => `${t10k(split)}-${what}.idx`],
  ["a folder of its own", (split, what) => `${usual(split, what)}/${usual(split, what)}`],
  ["torchvision's folders", (split, what) => `MNIST/raw/${usual(split, what)}`],
  ["folders of other names", (split, what) => `a/b/c/${usual(split, what)}`],
  ["folders of the splits", (split, what) => `${split}/${usual(split, what)}`],
];

for (const [what, name] of NAMES) {
  Deno.test(`loadMnist() finds files named with ${what}`, async () => {
    await using folder = await folderOf(four(name));
    const train = await loadMnist(folder.path, { split: "train" });
    assertEquals([train.name, train.classes, [...train.labels]], ["MNIST train", 10, [9, 0]]);
    const test = await loadMnist(folder.path, { split: "test" });
    assertEquals([test.name, [...test.images], [...test.labels]], [
      "MNIST test",
      [6, 5, 4, 3, 2, 1],
      [7],
    ]);
    assertEquals(test.classNames?.join(""), "0123456789");
  });
}

for (const level of ["", "/MNIST", "/MNIST/raw"]) {
  Deno.test(`loadMnist() accepts torchvision's folder from ROOT${level}`, async () => {
    await using folder = await folderOf(four((split, what) => `MNIST/raw/${usual(split, what)}`));
    assertEquals((await loadMnist(folder.path + level, { split: "test" })).labels[0], 7);
  });
}

Deno.test("loadMnist() reads plain, gzipped, multi-stream and padded files, and prefers plain ones", async () => {
  const files = four(usual), images = files[usual("test", "images")]!;
  await using folder = await folderOf({
    ...files,
    [`${usual("train", "labels")}.gz`]: await gzip(labels(1, 1)),
    [usual("test", "images")]: joined(
      await gzip(images.subarray(0, 9)),
      await gzip(images.subarray(9)),
      new Uint8Array(30),
    ),
    [usual("test", "labels")]: joined(labels(7), new Uint8Array(8)),
  });
  assertEquals([...(await loadMnist(folder.path, { split: "train" })).labels], [9, 0]);
  assertEquals([...(await loadMnist(folder.path, { split: "test" })).images], [6, 5, 4, 3, 2, 1]);
});

for (const packed of [false, true]) {
  Deno.test(`loadMnist() reads ${packed ? "gzipped" : "plain"} tar archives`, async () => {
    const archive = tar(four((split, what) => `fashion/${usual(split, what)}`));
    await using folder = await folderOf({ "a.tgz": packed ? await gzip(archive) : archive });
    const splits = (["train", "test"] as const).map((split) =>
      loadMnist(`${folder.path}/a.tgz`, { split })
    );
    const [train, test] = await Promise.all(splits);
    assertEquals([train!.name, [...test!.images]], ["Fashion-MNIST train", [6, 5, 4, 3, 2, 1]]);
  });
}

Deno.test("loadMnist() rejects a damaged ZIP archive, and names the files that a folder lacks", async () => {
  const damaged = joined(Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(30));
  await using folder = await folderOf({ "a.zip": damaged, "b.txt": IMAGES.train });
  const rejects = (path: string, says: string) =>
    assertRejects(
      () => loadMnist(folder.path + path, { split: "train" }),
      DataError,
      folder.path + says,
    );
  await rejects(
    "/a.zip",
    "/a.zip: expected a complete ZIP archive, found one without a central directory",
  );
  await rejects(
    "",
    `/train-images-idx3-ubyte: expected a file, found ${folder.path}/a.zip: an archive`,
  );
  await rejects("/none", "/none/train-images-idx3-ubyte: expected a file, found none");
});

for (
  const [name, what] of [
    ["mnist.npz", "NumPy arrays under other names than train-images.npy"],
    ["archives/gzip.zip", "an archive; name it, or unpack it"],
    ["mnist.tar.gz", "an archive; name it, or unpack it"],
    ["train.csv", "a table of texts, which is not read"],
    ["MNIST/processed/training.pt", "a Python pickle, which is not read"],
  ] as const
) {
  Deno.test(`loadMnist() names ${name}, which it does not read`, async () => {
    await using folder = await folderOf({ [name]: Uint8Array.of(1) });
    await assertRejects(
      () => loadMnist(folder.path, { split: "train" }),
      DataError,
      `train-images-idx3-ubyte: expected a file, found ${folder.path}/${name}: ${what}`,
    );
  });
}

for (const deflated of [false, true]) {
  Deno.test(`loadMnist() reads ZIP archives, ${deflated ? "deflated" : "stored"}`, async () => {
    const files = four((split, what) => `gzip/${prefixed("emnist-digits")(split, what)}`);
    const packed = Object.entries(files).map(async (
      [name, bytes],
    ) => [`${name}.gz`, await gzip(bytes)]);
    const archive = await zip({
      "gzip/": new Uint8Array(),
      ...Object.fromEntries(await Promise.all(packed)),
    }, deflated);
    await using folder = await folderOf({ "gzip.zip": archive, "cut.zip": archive.slice(0, -40) });
    const { name, labels } = await loadMnist(`${folder.path}/gzip.zip`, { split: "train" });
    assertEquals([name, [...labels]], ["EMNIST digits train", [9, 0]]);
    await assertRejects(
      () => loadMnist(`${folder.path}/cut.zip`, { split: "train" }),
      DataError,
      "cut.zip: expected a complete ZIP archive, found one",
    );
  });
}
