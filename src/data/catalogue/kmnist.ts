/**
 * KMNIST: ten syllables in cursive Japanese (Clanuwat et al., 2018).
 *
 * @module
 */
import { idxDownload, idxSet } from "./idx_set.ts";

/** The only known mirror. */
const MIRRORS = ["https://codh.rois.ac.jp/kmnist/dataset/kmnist/"];

// Sizes and checksums are those that TensorFlow Datasets publishes.
const DOWNLOAD = idxDownload({ folder: "kmnist", mirrors: MIRRORS, mirrorFolder: "kmnist" }, [
  [
    "train-images-idx3",
    18_165_135,
    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
  ],
  [
    "train-labels-idx1",
    29_497,
    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
  ],
  [
    "t10k-images-idx3",
    3_041_136,
    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
  ],
  [
    "t10k-labels-idx1",
    5_120,
    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
  ],
]);

/** The record of KMNIST. */
export const KMNIST = idxSet({
  name: "kmnist",
  title: "KMNIST",
  pattern: /kmnist|kuzushiji/i,
  classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
  counts: { train: 60_000, test: 10_000 },
  homepage: "http://codh.rois.ac.jp/kmnist/",
  download: DOWNLOAD,
});
