/**
 * Splitting a data set into one for training and a held-out one for testing.
 *
 * @module
 */
import { keyData, permutation } from "../threefry.ts";
import { checkDataset } from "./check_dataset.ts";
import type { Dataset } from "./dataset.ts";
import { selectImages } from "./select.ts";

/** Options of {@linkcode holdOut}. */
export interface HoldOutOptions {
  /** The part of the images that is held out, above 0 and below 1, or their number, 1 or more; 0.2 if left out. */
  readonly test?: number;
  /** Decides which; 0 if left out. */
  readonly seed?: number;
  /**
   * Whether each class is held out in the same part; if left out, where labels are classes. Classes of one
   * image are in the training set.
   */
  readonly stratified?: boolean;
}

/** Two data sets. */
export interface HeldOut {
  /** The other images. */
  readonly train: Dataset;
  /** The images held out. */
  readonly test: Dataset;
}

/** How many images are held out. */
function heldCount({ name, count }: Dataset, test: number): number {
  const held = test < 1 ? Math.max(1, Math.round(test * count)) : test;
  if (test > 0 && Number.isInteger(held) && held < count) return held;
  throw new RangeError(
    `holdOut: expected test to be a part above 0 and below 1, or an integer from 1 to ${
      count - 1
    }, fewer than the images of ${name}, found ${test}`,
  );
}

/** The indices of each class, in the given order. */
function byClass(order: Iterable<number>, { labels }: Dataset): number[][] {
  const groups = new Map<number, number[]>();
  for (const index of order) {
    const group = groups.get(labels[index]!);
    if (group) group.push(index);
    else groups.set(labels[index]!, [index]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/**
 * How many of each class are held out, `held` in all as far as each keeps one image: the integer parts of
 * their shares, and one more of those with the largest remainders.
 */
function quotas(sizes: readonly number[], held: number): number[] {
  const total = sizes.reduce((a, b) => a + b, 0);
  const shares = sizes.map((size) => Math.min(size * held / total, size - 1));
  const counts = shares.map(Math.floor);
  const order = shares.map((share, i) => [share - Math.floor(share), i] as const)
    .sort(([a, i], [b, j]) => b - a || i - j);
  let left = held - counts.reduce((a, b) => a + b, 0);
  for (const [, i] of order) {
    if (left === 0) break;
    if (counts[i]! + 1 >= sizes[i]!) continue;
    counts[i]!++;
    left--;
  }
  return counts;
}

/**
 * Splits a data set into one for training and a held-out one for testing, at random by the seed; each keeps
 * the order of the images. Where labels are classes each class is held out in the same part, up to rounding,
 * and keeps at least one image for training.
 *
 * @throws RangeError on a part or number that leaves none for either.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const all = data.procedural({ split: "train", count: 50, size: 16 });
 * const { train, test } = data.holdOut(all, { test: 0.2, seed: 1 });
 * console.assert(train.count === 40 && test.count === 10);
 * console.assert(data.classCounts(test).join() === "1,1,1,1,1,1,1,1,1,1");
 * ```
 */
export function holdOut(dataset: Dataset, options: HoldOutOptions = {}): HeldOut {
  checkDataset("holdOut", dataset);
  const { test = 0.2, seed = 0 } = options, numbers = dataset.labels instanceof Float32Array;
  const { stratified = !numbers } = options, held = heldCount(dataset, test);
  if (stratified && numbers) {
    throw new RangeError("holdOut: expected classes to stratify by, found labels that are numbers");
  }
  const order = permutation(dataset.count, keyData(seed));
  const groups = stratified ? byClass(order, dataset) : [Array.from(order)];
  const counts = quotas(groups.map(({ length }) => length), held);
  const chosen = new Set(groups.flatMap((group, i) => group.slice(0, counts[i])));
  if (chosen.size === 0) {
    throw new RangeError(
      `holdOut: expected a class with at least two images in ${dataset.name}, found one image of each`,
    );
  }
  const all = Array.from({ length: dataset.count }, (_, i) => i);
  return {
    train: selectImages(dataset, all.filter((i) => !chosen.has(i))),
    test: selectImages(dataset, all.filter((i) => chosen.has(i))),
  };
}
