/**
 * Data sets: IDX and NumPy files, CIFAR's, names of classes, and the archives that hold them.
 *
 * @module
 */
import { checkDataset } from "../../../src/data/check_dataset.ts";
import { crc32 } from "../../../src/data/files/crc32.ts";
import { type Dataset, loadCifar10, loadMnist } from "../../../src/data/mod.ts";
import { gzip, idx, npy, record, storedGzip, tar, zip } from "../../../tests/data/fixtures.ts";
import { pickled } from "../../../tests/data/formats/pickles.ts";
import { type Bytes, joined } from "../edits.ts";
import { expect, type Format } from "../format.ts";

const PIXELS = Array.from({ length: 24 }, (_, i) => i * 9);
const IMAGES = idx(2051, [4, 2, 3], PIXELS), LABELS = idx(2049, [4], [1, 0, 2, 1]);
const IMAGE_FILE = "train-images-idx3-ubyte", LABEL_FILE = "train-labels-idx1-ubyte";

const file = (bytes: Uint8Array, name: string) => new File([bytes as Bytes], name);

/** Throws a Wrong unless a data set is sound. */
function check(dataset: Dataset): void {
  try {
    checkDataset("fuzz", dataset);
  } catch (error) {
    expect(false, (error as Error).message);
  }
  const { classNames, classes } = dataset;
  expect(!classNames || classNames.length === classes, `${classNames?.length} names of ${classes}`);
}

const bytesOf = (...all: readonly (Uint8Array | Promise<Uint8Array>)[]) =>
  Promise.all(all) as Promise<Bytes[]>;

/** A format of which one file is edited, beside others. */
const beside = (
  name: string,
  edited: string,
  others: Readonly<Record<string, Uint8Array>>,
  seeds: () => Promise<readonly Bytes[]>,
): Format => ({
  name,
  seeds,
  async read(bytes) {
    const files = Object.entries(others).map(([name, bytes]) => file(bytes, name));
    check(await loadMnist([file(bytes, edited), ...files], { split: "train" }));
  },
});

/** A value of an IDX file of four bytes a number. */
const words = (values: readonly number[]) =>
  values.flatMap((value) => [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255]);

/** Images in IDX and NumPy files. */
export const IDX_IMAGES = beside("idx-images", IMAGE_FILE, { [LABEL_FILE]: LABELS }, () =>
  bytesOf(
    IMAGES,
    idx(0x0c03, [4, 2, 3], words(PIXELS)),
    npy("|u1", [4, 2, 3], PIXELS),
    npy("<u2", [4, 2, 3], PIXELS.flatMap((value) => [value, 0])),
    gzip(IMAGES),
    zip({ "arr_0.npy": npy("|u1", [4, 2, 3], PIXELS) }, true),
  ));

/** Labels in IDX and NumPy files. */
export const IDX_LABELS = beside("idx-labels", LABEL_FILE, { [IMAGE_FILE]: IMAGES }, () =>
  bytesOf(
    LABELS,
    idx(0x0c01, [4], words([1, 0, 2, 1])),
    idx(0x0c02, [4, 3], words([1, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0])),
    npy("<i8", [4], [1, 0, 2, 1].flatMap((value) => [value, 0, 0, 0, 0, 0, 0, 0])),
    gzip(LABELS),
  ));

const FOUR = { [IMAGE_FILE]: IMAGES, [LABEL_FILE]: LABELS };

/** Names of classes. */
export const CLASS_NAMES = beside("class-names", "classes.txt", FOUR, () =>
  bytesOf(
    new TextEncoder().encode("zero\none\ntwo\n"),
    new TextEncoder().encode("a\r\nb\r\nc d\r\n\r\n"),
  ));

/** Mappings from labels to characters. */
export const MAPPINGS = beside("mappings", "mapping.txt", FOUR, () =>
  bytesOf(
    new TextEncoder().encode("0 48\n1 49\n2 50\n"),
    new TextEncoder().encode("0 65 97\n1 66 98\n2 67 99\n"),
  ));

const CIFAR = joined(record([3], 1), record([9], 2));

const cifar = (name: string, edited: string, seeds: () => Promise<readonly Bytes[]>): Format => ({
  name,
  seeds,
  async read(bytes) {
    check(await loadCifar10([file(bytes, edited)], { split: "test" }));
  },
});

/** CIFAR-10's binary files. */
export const CIFAR_BINARY = cifar("cifar", "test_batch.bin", () => bytesOf(CIFAR, gzip(CIFAR)));

/** CIFAR-10's pickles. */
export const CIFAR_PICKLES = cifar(
  "cifar-python",
  "test_batch",
  () => bytesOf(pickled(new Uint8Array(2 * 3072).map((_, i) => i), { labels: [3, 9] })),
);

const archive = (name: string, ending: string, seeds: () => Promise<readonly Bytes[]>): Format => ({
  name,
  seeds,
  async read(bytes) {
    check(await loadMnist([file(bytes, `mnist.${ending}`)], { split: "train" }));
  },
});

/** A tar archive whose headers have the sums that they should. */
function withSums(bytes: Bytes): Bytes {
  const copy = bytes.slice();
  for (let at = 0; at + 512 <= copy.length && copy[at] !== 0;) {
    const header = copy.subarray(at, at + 512), digits = new TextDecoder("latin1").decode(header);
    header.fill(0x20, 148, 156);
    const sum = header.reduce((sum, byte) => sum + byte).toString(8).padStart(6, "0");
    header.set(new TextEncoder().encode(`${sum}\0 `), 148);
    const size = parseInt(digits.slice(124, 136).trim(), 8);
    at += 512 + Math.ceil(Math.max(0, size || 0) / 512) * 512;
  }
  return copy;
}

/** Tar archives. */
export const TAR: Format = {
  ...archive("tar", "tar", () => bytesOf(tar(FOUR), tar({ a: Uint8Array.of(1), ...FOUR }))),
  reseal: withSums,
};

/** Gzipped tar archives and several streams of gzip. */
export const GZIP = archive("gzip", "tar.gz", async () => {
  const whole = tar(FOUR), packed = await gzip(whole);
  const halves = await Promise.all([whole.slice(0, 700), whole.slice(700)].map(gzip));
  return bytesOf(packed, storedGzip(whole), joined(...halves, new Uint8Array(20)));
});

/** A ZIP archive whose stored members have the checksums that they should. */
function withZipSums(bytes: Bytes): Bytes {
  const copy = bytes.slice(), view = new DataView(copy.buffer);
  for (let at = 0; at + 46 < copy.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const local = view.getUint32(at + 42, true), size = view.getUint32(at + 20, true);
    if (local + 30 > copy.length || view.getUint16(at + 10, true) !== 0) continue;
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    view.setUint32(at + 16, crc32(copy.subarray(from, from + size)), true);
  }
  return copy;
}

/** ZIP archives. */
export const ZIP: Format = {
  ...archive("zip", "zip", () => bytesOf(zip(FOUR, false), zip(FOUR, true))),
  reseal: withZipSums,
};
