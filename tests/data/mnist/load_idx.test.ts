import { assertEquals, assertRejects } from "@std/assert";
import { loadMnist } from "../../../src/data/mnist/load_mnist.ts";
import { DataError } from "../../../src/data/files/data_file.ts";
import { loadIdx } from "../../../src/data/mnist/load_idx.ts";
import { findIdxSet } from "../../../src/data/mnist/idx_sets.ts";
import { folderOf, idx, npy, zip } from "../fixtures.ts";
import { four, IMAGES, labels, prefixed, usual } from "../idx_files.ts";

const FOLDERS: readonly (readonly [string, string])[] = [
  ["FashionMNIST/raw/", "fashion-mnist"],
  ["fashion-mnist/data/fashion/", "fashion-mnist"],
  ["KMNIST/raw/", "kmnist"],
  ["kuzushiji/", "kmnist"],
  ["MNIST/raw/", "mnist"],
  ["mnist/", "mnist"],
];

for (const [at, set] of FOLDERS) {
  Deno.test(`loadIdx() recognizes ${set} by the folder ${at}`, async () => {
    await using folder = await folderOf(four((split, what) => at + usual(split, what)));
    for (const place of [folder.path, `${folder.path}/${at}`]) {
      const { set: found, dataset } = await loadIdx(place, { split: "test" });
      assertEquals([found, dataset.name], [set, `${findIdxSet(set)!.title} test`]);
      const names = findIdxSet(set)!.classNames;
      assertEquals([dataset.classes, dataset.classNames], [10, names]);
    }
  });
}

const EMNIST: readonly (readonly [string, number, string])[] = [
  ["emnist-balanced", 47, "t"],
  ["emnist-byclass", 62, "z"],
  ["emnist-bymerge", 47, "t"],
  ["emnist-digits", 10, "9"],
  ["emnist-letters", 26, "z"],
  ["emnist-mnist", 10, "9"],
];

for (const [set, classes, last] of EMNIST) {
  Deno.test(`loadIdx() orients ${set} upright, and counts and names its classes`, async () => {
    const first = set === "emnist-letters" ? 1 : 0;
    const some = [labels(first, first + classes - 1), labels(first + 1)] as const;
    await using folder = await folderOf(four(prefixed(set), ...some));
    const { set: found, dataset: train } = await loadIdx(folder.path, { split: "train" });
    assertEquals([found, train.classes, train.classNames!.length], [set, classes, classes]);
    assertEquals([...train.labels], [0, classes - 1]);
    assertEquals(train.classNames!.at(-1), last);
    // Stored column by column, 1 2 above 3 4 above 5 6 would be the first.
    assertEquals([train.height, train.width], [2, 3]);
    assertEquals([...train.images].slice(0, 6), [1, 3, 5, 2, 4, 6]);
    assertEquals((await loadMnist(folder.path, { split: "test" })).labels[0], 1);
  });
}

Deno.test("loadIdx() reads the classes of EMNIST's mapping", async () => {
  const files = four(prefixed("emnist-letters"), labels(1, 3), labels(2));
  const mapping = new TextEncoder().encode("1 65 97\r\n2 66 98 \r\n3 67 99\r\n");
  await using folder = await folderOf({ ...files, "emnist-letters-mapping.txt": mapping });
  const { dataset } = await loadIdx(folder.path, { split: "train" });
  assertEquals([dataset.classes, dataset.classNames], [3, ["a", "b", "c"]]);
  assertEquals([...dataset.labels], [0, 2]);
});

for (const [text, found] of [["1 65\n3 66\n", "3 66"], ["0\n", "0"], ["0 x\n", "0 NaN"]]) {
  Deno.test(`loadIdx() rejects the mapping ${JSON.stringify(text)}`, async () => {
    const files = { ...four(usual), "mapping.txt": new TextEncoder().encode(text) };
    await using folder = await folderOf(files);
    await assertRejects(
      () => loadIdx(folder.path, { split: "train" }),
      DataError,
      `mapping.txt: expected a label and code points of characters on each line, each label from ` +
        `${text![0]} once, found "${found}"`,
    );
  });
}

Deno.test("loadIdx() accepts a list of class names for the user's own files", async () => {
  const files = {
    ...four(usual, labels(2, 0), labels(1)),
    "classes.txt": new TextEncoder().encode("cat\ndog\nold horse\n"),
  };
  await using folder = await folderOf(files);
  const { set, dataset } = await loadIdx(folder.path, { split: "train" });
  assertEquals([set, dataset.name, dataset.classes], ["idx", "IDX train", 3]);
  assertEquals(dataset.classNames, ["cat", "dog", "old horse"]);
  await using wrong = await folderOf({ ...files, [usual("test", "labels")]: labels(3) });
  await assertRejects(
    () => loadIdx(wrong.path, { split: "test" }),
    DataError,
    "expected labels from 0 to 2, found 3 at position 0",
  );
});

/** As many images as labels. */
const own = (train: number[], test: number[]) => ({
  [usual("train", "images")]: idx(2051, [train.length, 1, 1], train),
  [usual("train", "labels")]: labels(...train),
  [usual("test", "images")]: idx(2051, [test.length, 1, 1], test),
  [usual("test", "labels")]: labels(...test),
});

const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

Deno.test("loadIdx() counts the classes of files of an unknown set", async () => {
  for (const [first, last] of [[0, 11], [1, 12]] as const) {
    await using folder = await folderOf(own(upTo(first, last), [first, first + 3]));
    const { set, dataset } = await loadIdx(folder.path, { split: "test" });
    assertEquals([set, dataset.classes, [...dataset.labels]], ["idx", 12, [0, 3]]);
    assertEquals(dataset.classNames!.at(-1), `class ${last}`);
  }
  await using gap = await folderOf(own([0, 1, 77], [1]));
  await assertRejects(
    () => loadIdx(gap.path, { split: "test" }),
    DataError,
    "expected labels from 0 to 9, or every label up to the last, found 77 and no 2",
  );
});

Deno.test("loadIdx() reads more than 256 classes", async () => {
  const wide = (all: number[]) =>
    idx(0x0c01, [all.length], all.flatMap((label) => [0, 0, label >> 8, label & 255]));
  const all = upTo(0, 299), images = idx(2051, [300, 1, 1], all.map((label) => label & 255));
  await using folder = await folderOf({
    [usual("train", "images")]: images,
    [usual("train", "labels")]: wide(all),
    [usual("test", "images")]: images,
    [usual("test", "labels")]: wide(all.toReversed()),
  });
  const { dataset } = await loadIdx(folder.path, { split: "test" });
  assertEquals([dataset.classes, dataset.labels[0], dataset.labels[299]], [300, 299, 0]);
});

Deno.test("loadIdx() prefers MNIST among several sets, or the set that it is given", async () => {
  await using folder = await folderOf({
    ...four((split, what) => `MNIST/raw/${usual(split, what)}`),
    ...four((split, what) => `FashionMNIST/raw/${usual(split, what)}`, labels(1, 1), labels(1)),
    ...four(
      (split, what) => `EMNIST/raw/${prefixed("emnist-letters")(split, what)}`,
      labels(26, 1),
      labels(2),
    ),
  });
  const names = async (set?: string) =>
    (await loadIdx(folder.path, { split: "train", set })).dataset.name;
  assertEquals(await names(), "MNIST train");
  assertEquals(await names("fashion-mnist"), "Fashion-MNIST train");
  assertEquals(await names("emnist-letters"), "EMNIST letters train");
  await assertRejects(() => names("kmnist"), DataError, "expected KMNIST, found ");
});

Deno.test("loadIdx() rejects files of several sets, and of an unnamed part of EMNIST", async () => {
  await using folder = await folderOf({
    ...four(prefixed("emnist-letters"), labels(26, 1), labels(2)),
    ...four(prefixed("emnist-digits")),
  });
  await assertRejects(
    () => loadIdx(folder.path, { split: "train" }),
    DataError,
    "expected one data set, found EMNIST digits, EMNIST letters; name one of them: " +
      "emnist-digits, emnist-letters",
  );
  await using bare = await folderOf(
    four((split, what) => `EMNIST/${usual(split, what)}`, labels(1, 2), labels(3)),
  );
  await assertRejects(
    () => loadIdx(bare.path, { split: "train" }),
    DataError,
    "identifies the set of EMNIST",
  );
  const { dataset } = await loadIdx(bare.path, { split: "train", set: "emnist-letters" });
  assertEquals([dataset.classes, [...dataset.labels]], [26, [0, 1]]);
});

Deno.test("loadIdx() reads QMNIST's tables of labels", async () => {
  const table = (count: number) =>
    idx(
      0x0c02,
      [count, 8],
      new Uint8Array(32 * count).map((_, i) => i % 32 === 3 ? 4 + i / 32 : 0),
    );
  await using folder = await folderOf({
    "qmnist-train-images-idx3-ubyte": IMAGES.train,
    "qmnist-train-labels-idx2-int": table(2),
    "qmnist-test-images-idx3-ubyte": IMAGES.test,
    "qmnist-test-labels-idx2-int": table(1),
  });
  const { set, dataset } = await loadIdx(folder.path, { split: "train" });
  assertEquals([set, [...dataset.labels]], ["qmnist", [4, 5]]);
});

Deno.test("loadIdx() uses the given set where file names do not determine it", async () => {
  await using folder = await folderOf(four(usual));
  const { dataset } = await loadIdx(folder.path, { split: "test", set: "kmnist" });
  assertEquals([dataset.name, dataset.classNames![7]], ["KMNIST test", "ya"]);
});

Deno.test("loadIdx() reads Kuzushiji-49 from NumPy's archives", async () => {
  const part = async (shape: number[], ...numbers: number[]) =>
    await zip({ "arr_0.npy": npy("|u1", shape, numbers) }, true);
  await using folder = await folderOf({
    "k49-train-imgs.npz": await part([2, 1, 2], 1, 2, 3, 4),
    "k49-train-labels.npz": await part([2], 48, 7),
    "k49-test-imgs.npz": await part([1, 1, 2], 5, 6),
    "k49-test-labels.npz": await part([1], 0),
  });
  const { set, dataset } = await loadIdx(folder.path, { split: "train" });
  assertEquals([set, dataset.classes, [...dataset.labels]], ["k49", 49, [48, 7]]);
  assertEquals([dataset.classNames![48], dataset.classNames![7]], ["ゝ", "く"]);
  assertEquals([...dataset.images], [1, 2, 3, 4]);
  assertEquals((await loadIdx(folder.path, { split: "test" })).dataset.labels[0], 0);
});
