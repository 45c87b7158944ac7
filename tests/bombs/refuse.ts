/**
 * Reads bombs, and prints what was said of each and how much the memory grew, in a process of its own.
 *
 * @module
 */
import { data } from "@goodinit/goodinit";
import { decodePicture } from "../../tasks/images/picture.ts";
import { listPlace } from "../../tasks/images/listing/mod.ts";
import { loadSharp } from "../../tasks/images/sharp.ts";
import { makeImage } from "../../tasks/images/make_image.ts";
import { folderOf, npy, tar, zip } from "../data/fixtures.ts";
import {
  deflatedBomb,
  gzipBomb,
  idxHeader,
  joined,
  pngChunk,
  pngFile,
  pngHeader,
  tarClaiming,
  zipOf,
  zlibBomb,
} from "./bombs.ts";

/** Peak resident memory since the last call, and the resident memory now, in MiB; zeros but on Linux. */
async function memory(): Promise<readonly [peak: number, now: number]> {
  if (Deno.build.os !== "linux") return [0, 0];
  const status = await Deno.readTextFile("/proc/self/status");
  const [peak, now] = ["VmHWM", "VmRSS"].map((name) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024
  ) as [number, number];
  await Deno.writeTextFile("/proc/self/clear_refs", "5");
  return [peak, now];
}

/** What is printed of a bomb. */
export interface Refusal {
  readonly name: string;
  /** The error's class and message; of a file that is accepted nothing. */
  readonly error?: string | undefined;
  readonly milliseconds: number;
  /** Growth of the resident memory at its peak, in MiB. */
  readonly grown: number;
}

async function attempt(name: string, read: () => Promise<unknown>): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  const [, before] = await memory(), start = performance.now();
  const error = await read().then(() => undefined, (error) => `${error.name}: ${error.message}`);
  const milliseconds = performance.now() - start, [peak] = await memory();
  const refusal: Refusal = { name, error, milliseconds, grown: peak - before };
  console.log(JSON.stringify(refusal));
}

const GB = 2 ** 30;
const images = idxHeader(2051, 2, 2, 3), pixels = joined(images, new Uint8Array(12));
const labels = joined(idxHeader(2049, 2), Uint8Array.of(1, 0));
const IMAGES = "train-images-idx3-ubyte", LABELS = "train-labels-idx1-ubyte";

/** An archive of an archive of an archive …. */
async function nested(levels: number): Promise<Uint8Array> {
  let bytes: Uint8Array = npy("|u1", [2, 2, 3], new Uint8Array(12));
  for (let level = 0; level < levels; level++) bytes = await zip({ "a.zip": bytes }, false);
  return bytes;
}

/** Folders of files, and what is read from each. */
const FOLDERS: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
  "labels: zeros": { [IMAGES]: pixels, [`${LABELS}.gz`]: gzipBomb(new Uint8Array(), 3 * GB) },
  "labels: as many as claimed": {
    [IMAGES]: pixels,
    [`${LABELS}.gz`]: gzipBomb(idxHeader(2049, 3 * GB), 3 * GB),
  },
  "labels: zeros after them": { [IMAGES]: pixels, [`${LABELS}.gz`]: gzipBomb(labels, GB) },
  "images: as many as claimed": {
    [`${IMAGES}.gz`]: gzipBomb(idxHeader(2051, 3 * GB / 784, 28, 28), 3 * GB),
    [LABELS]: labels,
  },
  "images: a header alone": { [IMAGES]: idxHeader(2051, 60_000, 1000, 1000), [LABELS]: labels },
  "labels of both splits: as many as claimed": {
    [IMAGES]: pixels,
    [LABELS]: labels,
    "t10k-labels-idx1-ubyte.gz": gzipBomb(idxHeader(2049, GB), GB),
  },
  "labels: a class of two billion": {
    [IMAGES]: pixels,
    [LABELS]: joined(idxHeader(0x0c01, 2), Uint8Array.of(127, 255, 255, 255, 0, 0, 0, 0)),
  },
  "classes.txt of a gigabyte": {
    [IMAGES]: pixels,
    [LABELS]: labels,
    "classes.txt": gzipBomb(new Uint8Array(), GB),
  },
  "npz: as much as claimed": {
    "train-images.npz": zipOf(
      "arr_0.npy",
      deflatedBomb(npy("|u1", [3 * GB / 784, 28, 28], []), 3 * GB),
      { size: 3 * GB + 128 },
    ),
    [LABELS]: labels,
  },
  "npz: more than claimed": {
    "train-images.npz": zipOf("arr_0.npy", deflatedBomb(npy("|u1", [2, 2, 3], []), GB), {
      size: 140,
    }),
    [LABELS]: labels,
  },
  "npz: archives in archives": {
    "train-images.npz": await nested(9),
    [LABELS]: labels,
  },
};

for (const [name, files] of Object.entries(FOLDERS)) {
  await using folder = await folderOf(files);
  await attempt(name, () => data.loadMnist(folder.path, { split: "train" }));
}

/** Archives. */
const ARCHIVES: Readonly<Record<string, Uint8Array>> = {
  "tar.gz: zeros after the end": gzipBomb(tar({ a: Uint8Array.of(1) }), 3 * GB),
  "tar.gz: a member as large as claimed": gzipBomb(tarClaiming("data_batch_1.bin", 7 * GB), 3 * GB),
  "tar.gz: no tar": gzipBomb(new Uint8Array(512).fill(65), 3 * GB),
};
for (const [name, bytes] of Object.entries(ARCHIVES)) {
  await using folder = await folderOf({ "cifar-10-binary.tar.gz": bytes });
  await attempt(
    name,
    () => data.loadCifar10(`${folder.path}/cifar-10-binary.tar.gz`, { split: "train" }),
  );
}

{
  await using folder = await folderOf({ [IMAGES]: pixels });
  const sparse = `${folder.path}/${LABELS}`;
  await Deno.writeFile(sparse, labels);
  await Deno.truncate(sparse, 20 * GB);
  await attempt("labels: a sparse file", () => data.loadMnist(folder.path, { split: "train" }));
  const table = `${folder.path}/photos.csv`;
  await Deno.writeTextFile(table, "path,label\n");
  await Deno.truncate(table, 20 * GB);
  const held = { share: 0.2, seed: 0 };
  await attempt("table: a sparse file", () => listPlace(table, { held }));
}

const end = pngChunk("IEND", new Uint8Array());
const zeros = (bytes: number, first = new Uint8Array()) => pngChunk("IDAT", zlibBomb(first, bytes));
const jpeg = (width: number, height: number) =>
  Uint8Array.of(
    ...[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255],
    ...[3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xd9],
  );

/** Pictures. */
const PICTURES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "PNG: 10 × 10 of a gigabyte": pngFile(pngHeader(10, 10), zeros(GB), end),
  "PNG: 20,000 × 20,000": pngFile(pngHeader(20_000, 20_000, { color: 0 }), zeros(0.4 * GB), end),
  "PNG: 13,000 × 13,000 of nothing": pngFile(pngHeader(13_000, 13_000), zeros(1000), end),
  "JPEG: 65,500 × 65,500": jpeg(65_500, 65_500),
};
const sharp = await loadSharp();
for (const [name, bytes] of Object.entries(PICTURES)) {
  await attempt(name, () => decodePicture("a", bytes));
  const size = { height: 8, width: 8, channels: 3 };
  if (sharp) await attempt(`${name}, by sharp`, () => makeImage("a", bytes, { size }, sharp));
}
