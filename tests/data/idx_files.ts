/**
 * IDX files of two training images and one test image, for tests.
 *
 * @module
 */
import type { Split } from "../../src/data/dataset.ts";
import { idx } from "./fixtures.ts";

/** Two images of 2 × 3 pixels for training, one for testing, under any names. */
export const IMAGES = {
  train: idx(2051, [2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  test: idx(2051, [1, 2, 3], [6, 5, 4, 3, 2, 1]),
};

/** A file of labels. */
export const labels = (...all: number[]) => idx(2049, [all.length], all);

/** The four files of a set by their names. */
export const four = (
  name: (split: Split, what: "images" | "labels") => string,
  train = labels(9, 0),
  test = labels(7),
): Record<string, Uint8Array> => ({
  [name("train", "images")]: IMAGES.train,
  [name("train", "labels")]: train,
  [name("test", "images")]: IMAGES.test,
  [name("test", "labels")]: test,
});

/** What MNIST's files have for a split. */
export const t10k = (split: Split) => split === "train" ? "train" : "t10k";
/** MNIST's own names. */
export const usual = (split: Split, what: "images" | "labels") =>
  `${t10k(split)}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
/** EMNIST's names. */
export const prefixed = (prefix: string) => (split: Split, what: "images" | "labels") =>
  `${prefix}-${split}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
