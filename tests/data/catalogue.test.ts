import { assert, assertEquals, assertRejects } from "@std/assert";
import { CATALOGUE } from "../../src/data/catalogue/mod.ts";
import type { DatasetRecord } from "../../src/data/catalogue/record.ts";
import { loadMnist } from "../../src/data/mod.ts";
import { recognizeSet } from "../../src/data/mnist/idx_sets.ts";

const RECORDS: readonly DatasetRecord[] = CATALOGUE;

Deno.test("the catalog lists the paper's sets first, the user's own and generated images last", () => {
  const names = CATALOGUE.map(({ name }) => name);
  assertEquals(names.slice(0, 3), ["cifar10", "cifar100", "mnist"]);
  assertEquals(names.slice(-4), ["idx", "pictures", "procedural", "shapes"]);
  assertEquals(names.slice(3, -4), names.slice(3, -4).toSorted());
  assertEquals(new Set(names).size, names.length);
});

Deno.test("every record is complete: a recipe, distinct class names, and the fields of its format", () => {
  for (const record of RECORDS) {
    assert(record.recipes.length > 0, record.name);
    if (record.format === "own" || record.format === "pictures") continue;
    const { classNames } = record;
    assertEquals(new Set(classNames).size, classNames.length, record.name);
    if (record.format === "drawn") continue;
    assert(record.counts.train > 0 && record.counts.test > 0, record.name);
    if (record.format === "cifar") assertEquals(record.layout.classes, classNames.length);
    else assertEquals(recognizeSet(record.name), record.name);
  }
});

Deno.test("classes of the sets are as many as their publishers say", () => {
  const classes = Object.fromEntries(
    RECORDS.map((record) => [record.name, "classNames" in record ? record.classNames.length : 0]),
  );
  assertEquals(classes, {
    cifar10: 10,
    cifar100: 100,
    mnist: 10,
    "emnist-balanced": 47,
    "emnist-byclass": 62,
    "emnist-bymerge": 47,
    "emnist-digits": 10,
    "emnist-letters": 26,
    "emnist-mnist": 10,
    "fashion-mnist": 10,
    k49: 49,
    kmnist: 10,
    qmnist: 10,
    idx: 0,
    pictures: 0,
    procedural: 10,
    shapes: 10,
  });
});

const SAYS: readonly (readonly [name: string, set: string | undefined])[] = [
  ["MNIST", "mnist"],
  ["my-mnist", "mnist"],
  ["mnist_raw", "mnist"],
  ["FashionMNIST", "fashion-mnist"],
  ["fashion-mnist", "fashion-mnist"],
  ["mnist_fashion", "fashion-mnist"],
  ["KMNIST", "kmnist"],
  ["kuzushiji-mnist", "kmnist"],
  ["mnist_kmnist", "kmnist"],
  ["k49", "k49"],
  ["kmnist-49", "k49"],
  ["Kuzushiji_49", "k49"],
  ["qmnist", "qmnist"],
  ["mnist_qmnist", "qmnist"],
  ["EMNIST", "EMNIST"],
  ["gzip-emnist", "EMNIST"],
  ["emnist-mnist", "emnist-mnist"],
  ["emnist_digits", "emnist-digits"],
  ["EMNIST by class", "emnist-byclass"],
  ["emnist-bymerge", "emnist-bymerge"],
  ["mnist2", undefined],
  ["data", undefined],
];

Deno.test("recognizeSet() prefers the most specific match", () => {
  for (const [name, set] of SAYS) assertEquals(recognizeSet(name), set, name);
});

Deno.test("loadMnist() rejects an unknown set, and names the nearest", async () => {
  await assertRejects(
    () => loadMnist("nowhere", { split: "test", set: "fashion_mnist" }),
    RangeError,
    "found fashion_mnist; did you mean fashion-mnist?",
  );
});
