/**
 * EMNIST: handwritten digits and letters, in six splits (Cohen, Afshar, Tapson and van Schaik, 2017). All
 * are in one archive, and all images are stored column-major.
 *
 * @module
 */
import { idxSet } from "./idx_set.ts";
import { DIGITS } from "./mnist.ts";
import type { Download } from "./record.ts";

const CAPITALS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"], SMALL = [..."abcdefghijklmnopqrstuvwxyz"];
/** Digits, capitals, and the lower-case letters that do not look like their capitals. */
const MERGED = [...DIGITS, ...CAPITALS, ..."abdefghnqrt"];

const MIRRORS = [
  "https://biometrics.nist.gov/cs_links/EMNIST/",
  "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
];

/** The archive, which stays packed: a checksum is published for it, but none for its members. */
const DOWNLOAD: Download = {
  folder: "emnist",
  archives: [{
    file: "gzip.zip",
    bytes: 561_753_746,
    // The checksum that TensorFlow Datasets publishes.
    sha256: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
    urls: MIRRORS.map((mirror) => `${mirror}gzip.zip`),
    mirrorPath: "emnist/gzip.zip",
  }],
};

/** The properties in which the splits differ. */
interface Split<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly pattern: RegExp;
  readonly classNames: readonly string[];
  readonly firstLabel?: number;
  readonly counts: { readonly train: number; readonly test: number };
}

const emnist = <const Name extends string>(split: Split<Name>) =>
  idxSet({
    ...split,
    family: "EMNIST",
    transposed: true,
    prefix: `${split.name}-`,
    testName: "test",
    homepage: "https://www.nist.gov/itl/products-and-services/emnist-dataset",
    download: DOWNLOAD,
  });

/** The records of EMNIST's splits. */
export const EMNIST = [
  emnist({
    name: "emnist-balanced",
    title: "EMNIST balanced",
    pattern: /emnist.*balanced/i,
    classNames: MERGED,
    counts: { train: 112_800, test: 18_800 },
  }),
  emnist({
    name: "emnist-byclass",
    title: "EMNIST by class",
    pattern: /emnist.*by.?class/i,
    classNames: [...DIGITS, ...CAPITALS, ...SMALL],
    counts: { train: 697_932, test: 116_323 },
  }),
  emnist({
    name: "emnist-bymerge",
    title: "EMNIST by merge",
    pattern: /emnist.*by.?merge/i,
    classNames: MERGED,
    counts: { train: 697_932, test: 116_323 },
  }),
  emnist({
    name: "emnist-digits",
    title: "EMNIST digits",
    pattern: /emnist.*digits/i,
    classNames: DIGITS,
    counts: { train: 240_000, test: 40_000 },
  }),
  emnist({
    name: "emnist-letters",
    title: "EMNIST letters",
    pattern: /emnist.*letters/i,
    classNames: SMALL,
    firstLabel: 1,
    counts: { train: 124_800, test: 20_800 },
  }),
  emnist({
    name: "emnist-mnist",
    title: "EMNIST MNIST",
    pattern: /emnist.+mnist/i,
    classNames: DIGITS,
    counts: { train: 60_000, test: 10_000 },
  }),
] as const;
