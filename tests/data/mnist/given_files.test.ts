/**
 * Data sets from files in the caller's hands, as a page gets them.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../../../src/data/files/data_file.ts";
import { loadMnist } from "../../../src/data/mnist/load_mnist.ts";
import { folderOf, gzip, zip } from "../fixtures.ts";
import { four, prefixed, usual } from "../idx_files.ts";

const file = (name: string, bytes: Uint8Array) =>
  new File([bytes as Uint8Array<ArrayBuffer>], name);

const files = four(usual);
const onDisk = async (split: "train" | "test") => {
  await using folder = await folderOf(files);
  return await loadMnist(folder.path, { split });
};

Deno.test("loadMnist() reads given files as it reads those of a folder, gzipped or not", async () => {
  const plain = Object.entries(files).map(([name, bytes]) => file(name, bytes));
  const packed = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => file(`${name}.gz`, await gzip(bytes))),
  );
  for (const split of ["train", "test"] as const) {
    const expected = await onDisk(split);
    assertEquals(await loadMnist(plain, { split }), expected);
    assertEquals(await loadMnist(packed, { split }), expected);
  }
});

Deno.test("loadMnist() reads a given archive, and knows a set by the names of given files", async () => {
  const archive = file("mnist.zip", await zip(files, true));
  assertEquals(await loadMnist([archive], { split: "test" }), await onDisk("test"));
  const named = Object.entries(four(prefixed("emnist-digits"))).map(([name, bytes]) =>
    file(name, bytes)
  );
  assertEquals((await loadMnist(named, { split: "test" })).name, "EMNIST digits test");
});

Deno.test("loadMnist() names what is missing among given files", async () => {
  const [images] = Object.entries(files).filter(([name]) => /train-images/.test(name));
  await assertRejects(
    () => loadMnist([file(...images!)], { split: "train" }),
    DataError,
    "the given files/train-labels-idx1-ubyte: expected a file, found none",
  );
  await assertRejects(
    () => loadMnist([], { split: "train" }),
    DataError,
    "the given files/train-images-idx3-ubyte: expected a file, found none",
  );
});
