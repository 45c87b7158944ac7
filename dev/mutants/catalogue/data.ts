/**
 * Faults of preprocessing, of data sets made of others, and of readers of data.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";
import { LOADER } from "./loader.ts";

const SELECT = "tests/data/select.test.ts";

/** Faults of preparation and of data sets made of others. */
const SETS: readonly Fault[] = [
  ...faultsIn("src/data/preprocess.ts", ["tests/data/preprocess.test.ts"], [
    [
      "(bytes * squares - sum * sum) / bytes",
      "(bytes * squares - sum * sum) / (bytes - 1)",
      "contrast is normalized by another variance",
    ],
    ["divisor < MINIMUM_DIVISOR ? 1 : 1 / divisor", "1 / divisor", "an even image divides by zero"],
    [
      "...contrastTables(test), mean",
      "...contrastTables(test), mean: meanImage(test, contrastTables(test))",
      "test images are centered by their own mean",
    ],
    ["images[at]! * by - less", "images[at]! * by", "the mean image is taken before contrast"],
    ["padding: 8, mirror: true", "padding: 4, mirror: true", "images are padded by 4, not 8"],
  ]),
  ...faultsIn("src/data/bilinear.ts", ["tests/data/resize.test.ts"], [
    ["(to + 0.5) * step - 0.5", "to * step", "corners are aligned instead of centers"],
    ["Math.max(step, 1)", "1", "shrinking takes too few pixels"],
    ["[from, share / sum]", "[from, share]", "shares do not add up to 1"],
  ]),
  ...faultsIn("src/data/resize.ts", ["tests/data/resize.test.ts"], [
    [
      "{ outer: 1, inner: width * channels }",
      "{ outer: 1, inner: dataset.width * channels }",
      "rows are taken at the old width",
    ],
    ["new Uint8ClampedArray(images.buffer)", "images", "resized pixels are truncated"],
  ]),
  ...faultsIn("src/data/select.ts", [SELECT], [
    [
      "labels.set(dataset.labels.subarray(from * each, (from + 1) * each), i * each)",
      "labels.set(dataset.labels.subarray(i * each, (i + 1) * each), i * each)",
      "chosen images keep the labels of the first ones",
    ],
    [
      "permutation(dataset.count, keyData(seed))",
      "permutation(dataset.count, keyData(0))",
      "shuffle ignores its seed",
    ],
    [
      "labels: labels.subarray(0, count * labelSize(dataset))",
      "labels: labels.subarray(0, count)",
      "a subset of numbers loses some",
    ],
    ["index: indices[index]!,", "index,", "a chosen stream reads other images"],
  ]),
  ...faultsIn("src/data/hold_out.ts", [SELECT, "tests/data/prepare_pictures.test.ts"], [
    [
      "permutation(dataset.count, keyData(seed))",
      "Uint32Array.from({ length: dataset.count }, (_, i) => i)",
      "the first images are held out",
    ],
    ["all.filter((i) => !chosen.has(i))", "all", "held-out images are trained on"],
    [
      "if (counts[i]! + 1 >= sizes[i]!) continue;",
      "if (counts[i]! + 1 > sizes[i]!) continue;",
      "a class may lose its last image",
    ],
    ["Math.round(test * count)", "Math.floor(test * count)", "a share is rounded down"],
  ]),
  ...faultsIn("src/data/combine.ts", [SELECT], [
    [
      "labels.set(each.labels, at * labelSize(first))",
      "labels.set(each.labels, at)",
      "labels of several numbers overlap",
    ],
    ["at += each.count;", "at += first.count;", "joined sets of other sizes overlap"],
    ["bytes(b) - bytes(a)", "bytes(a) - bytes(b)", "labels of many classes wrap in bytes"],
  ]),
  ...faultsIn("src/data/fingerprint.ts", ["tests/data/dataset.test.ts"], [
    [
      "${count} ${height} ${width} ${channels} ${ofImages}",
      "${count} ${channels} ${ofImages}",
      "images of another shape have the same fingerprint",
    ],
    [
      "sha256(labelBytes(labels))",
      "sha256(new Uint8Array())",
      "labels are not part of the fingerprint",
    ],
  ]),
  ...faultsIn("src/data/whitening/zca.ts", ["tests/data/whitening/zca.test.ts"], [
    [
      "tensor(1 / count), tensor(bias)",
      "tensor(1 / (count - 1)), tensor(bias)",
      "the covariance is divided by one fewer",
    ],
    ["white.subarray(0, batch.count * n)", "white", "the last batch writes its padding"],
    [
      "for (const batch of rowBatches(source, by.mean))",
      "for (const batch of rowBatches(source, source.mean))",
      "test images are whitened around another mean",
    ],
  ]),
];

/** Faults of readers. */
const READERS: readonly Fault[] = [
  ...faultsIn("src/data/formats/idx.ts", ["tests/data/formats/idx.test.ts"], [
    ["value >= 0 && value <= 255", "value >= 0 && value <= 256", "a pixel of 256 becomes 0"],
    [
      "label < first || label > last",
      "label < first || label > last + 1",
      "a label one too large is accepted",
    ],
    ["labels.map((label) => label - first)", "labels", "labels that count from 1 stay so"],
    [
      "read(view, i * columns * type.bytes)",
      "read(view, i * type.bytes)",
      "labels of several columns are read one after the other",
    ],
  ]),
  ...faultsIn("src/data/formats/cifar.ts", ["tests/data/cifar.test.ts"], [
    ["bytes[pixel + 2 * PLANE]!", "bytes[pixel + PLANE]!", "blue is green"],
    ["i * record + layout.labelAt", "i * record", "CIFAR-100 has coarse labels"],
    [
      "bytes.length % record !== 0",
      "bytes.length < record",
      "a truncated record is dropped without a word",
    ],
  ]),
  ...faultsIn("src/data/formats/npy.ts", ["tests/data/formats/idx.test.ts"], [
    ['little = order !== ">"', "little = true", "big-endian arrays are read as little-endian"],
  ]),
  ...faultsIn("src/data/files/tar.ts", ["tests/data/files/tar.test.ts"], [
    ['(prefix ? `${prefix}/` : "") + name', "name", "long paths of an archive lose their folders"],
    [
      "Math.ceil(size / BLOCK) * BLOCK",
      "Math.floor(size / BLOCK) * BLOCK + BLOCK",
      "a file of whole blocks hides the next one",
    ],
  ]),
];

/** Faults of `src/data`. */
export const DATA: readonly Fault[] = [...LOADER, ...SETS, ...READERS];
