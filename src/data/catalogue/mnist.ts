/**
 * MNIST: handwritten digits (LeCun, Cortes and Burges, 1998).
 *
 * @module
 */
import { idxDownload, idxSet } from "./idx_set.ts";

/** The class names of digits. */
export const DIGITS: readonly string[] = [..."0123456789"];

const MIRRORS = [
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
];

const DOWNLOAD = idxDownload({ folder: "mnist", mirrors: MIRRORS }, [
  [
    "train-images-idx3",
    9_912_422,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
  ],
  [
    "train-labels-idx1",
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
  ],
  [
    "t10k-images-idx3",
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
  ],
  [
    "t10k-labels-idx1",
    4_542,
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
  ],
]);

/** The record of MNIST, the default for IDX files whose names do not identify a data set. */
export const MNIST = idxSet({
  name: "mnist",
  title: "MNIST",
  pattern: /^mnist$|[-_. ]mnist$|^mnist[-_. ]/i,
  classNames: DIGITS,
  counts: { train: 60_000, test: 10_000 },
  inPaper: true,
  homepage: "https://ossci-datasets.s3.amazonaws.com/mnist/",
  download: DOWNLOAD,
});
