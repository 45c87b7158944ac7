/**
 * Files in tar archives, of any size and with long paths.
 */
import { assertEquals } from "@std/assert";
import { isTar, readTar } from "../../../src/data/files/tar.ts";
import { tar } from "../fixtures.ts";

const archive = (files: Record<string, Uint8Array>) => ({
  file: "a.tar",
  bytes: tar(files) as Uint8Array<ArrayBuffer>,
});

Deno.test("readTar() gives every file, whether or not it fills its last block", () => {
  const sizes = [0, 1, 511, 512, 513, 1024, 3];
  const files = sizes.map((size, i) => [`file${i}`, new Uint8Array(size).fill(i + 1)] as const);
  assertEquals([...readTar(archive(Object.fromEntries(files)))], files);
});

Deno.test("readTar() joins the two fields of a long path", () => {
  const source = archive({ "name.bin": Uint8Array.of(7) }), { bytes } = source;
  bytes.set(new TextEncoder().encode("a/long/folder"), 345);
  const sum = bytes.subarray(0, 512).reduce(
    (total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte),
    0,
  );
  bytes.set(new TextEncoder().encode(sum.toString(8).padStart(6, "0")), 148);
  assertEquals(isTar(bytes), true);
  assertEquals([...readTar(source)], [["a/long/folder/name.bin", Uint8Array.of(7)]]);
});
