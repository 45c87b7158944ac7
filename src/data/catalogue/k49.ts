/**
 * Kuzushiji-49: 49 syllables in cursive Japanese, the larger version of KMNIST (Clanuwat et al., 2018).
 *
 * @module
 */
import { idxSet } from "./idx_set.ts";

/** The syllables, and the iteration mark. */
const HIRAGANA =
  "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをんゝ";

/** The record of Kuzushiji-49. */
export const K49 = idxSet({
  name: "k49",
  title: "Kuzushiji-49",
  pattern: /k(?:uzushiji)?[-_]?(?:mnist)?[-_]?49/i,
  classNames: [...HIRAGANA],
  counts: { train: 232_365, test: 38_547 },
  testName: "test",
  files: [
    "k49-train-imgs.npz",
    "k49-train-labels.npz",
    "k49-test-imgs.npz",
    "k49-test-labels.npz",
  ],
  homepage: "http://codh.rois.ac.jp/kmnist/",
});
