/**
 * QMNIST: MNIST's digits, reconstructed with the 50,000 test images that MNIST left out (Yadav and
 * Bottou, 2019).
 *
 * @module
 */
import { idxSet } from "./idx_set.ts";
import { DIGITS } from "./mnist.ts";

/** The record of QMNIST; its labels are the first column of a table of label information. */
export const QMNIST = idxSet({
  name: "qmnist",
  title: "QMNIST",
  pattern: /qmnist/i,
  classNames: DIGITS,
  counts: { train: 60_000, test: 60_000 },
  testName: "test",
  files: [
    "qmnist-train-images-idx3-ubyte",
    "qmnist-train-labels-idx2-int",
    "qmnist-test-images-idx3-ubyte",
    "qmnist-test-labels-idx2-int",
  ],
  homepage: "https://github.com/facebookresearch/qmnist",
});
