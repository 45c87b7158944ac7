/**
 * Fashion-MNIST: articles of clothing from Zalando's shop (Xiao, Rasul and Vollgraf, 2017).
 *
 * @module
 */
import { idxDownload, idxSet } from "./idx_set.ts";

const MIRRORS = [
  "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
  "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
];

// Sizes and checksums are those that TensorFlow Datasets publishes.
const DOWNLOAD = idxDownload(
  { folder: "fashion-mnist", mirrors: MIRRORS, mirrorFolder: "fashion-mnist" },
  [
    [
      "train-images-idx3",
      26_421_880,
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ],
    [
      "train-labels-idx1",
      29_515,
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ],
    [
      "t10k-images-idx3",
      4_422_102,
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ],
    [
      "t10k-labels-idx1",
      5_148,
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ],
  ],
);

/** The record of Fashion-MNIST. */
export const FASHION_MNIST = idxSet({
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  pattern: /fashion/i,
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  counts: { train: 60_000, test: 10_000 },
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  download: DOWNLOAD,
});
