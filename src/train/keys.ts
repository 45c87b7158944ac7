/**
 * The independent random keys of a run, all derived from one seed.
 *
 * @module
 */
import type { Key } from "../random.ts";
import { tensor } from "../tensor.ts";
import { type KeyData, keyData, splitKeyData } from "../threefry.ts";

/** The keys of a run. */
export interface RunKeys {
  /** For the weights. */
  readonly weights: Key;
  /** For dropout; each step derives its own. */
  readonly dropout: Key;
  /** For the order and the augmentation of training images, the `key` of `trainBatches`. */
  readonly batches: KeyData;
  /** For the images that LSUV is calibrated on. */
  readonly calibration: KeyData;
}

/**
 * The keys of a seed. Throws RangeError on anything but an integer from 0 to 2⁵³ - 1.
 *
 * @example
 * ```ts
 * import { open, train } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const { weights, dropout } = train.runKeys(0);
 * const [a, b] = await run.read([weights, dropout]);
 * console.assert(a.length === 2 && a.join() !== b.join());
 * ```
 */
export function runKeys(seed: number): RunKeys {
  const root = keyData(seed);
  const words = (index: number) => splitKeyData(root, index);
  const key = (index: number): Key => tensor(Uint32Array.from(words(index)));
  return { weights: key(0), dropout: key(1), batches: words(2), calibration: words(3) };
}
