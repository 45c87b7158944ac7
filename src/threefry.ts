/**
 * Threefry-2x32, 20 rounds: the counter-based random number generator (Salmon et al., "Parallel Random
 * Numbers: As Easy as 1, 2, 3", SC 2011), in TypeScript for the host. Devices lower the same arithmetic, so
 * that a key gives the same bits everywhere.
 *
 * @module
 */

/** A key as two unsigned 32-bit words. */
export type KeyData = readonly [number, number];

/** The second word of a counter: one value per use, so that uses never collide. */
export const PURPOSE = { bits: 0, split: 1, fold: 2 } as const;

/** The rotation distances of Threefry-2x32, for alternating groups of four rounds. */
export const ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];

/** The parity constant of the Threefish key schedule for 32-bit words. */
export const PARITY = 0x1bd11bda;

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** Threefry-2x32-20 of one counter under one key: both words of the block. */
export function threefry([k0, k1]: KeyData, counter0: number, counter1: number): KeyData {
  const schedule = [k0 | 0, k1 | 0, PARITY ^ k0 ^ k1];
  let x0 = (counter0 + schedule[0]!) | 0, x1 = (counter1 + schedule[1]!) | 0;
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      x0 = (x0 + x1) | 0;
      x1 = rotate(x1, ROTATIONS[(group % 2) * 4 + round]!) ^ x0;
    }
    x0 = (x0 + schedule[(group + 1) % 3]!) | 0;
    x1 = (x1 + schedule[(group + 2) % 3]! + group + 1) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/**
 * The key of a seed: its low and high 32 bits. Throws RangeError on anything but an integer from 0 to 2⁵³ -
 * 1.
 *
 * @example
 * ```ts
 * import { random } from "@goodinit/goodinit";
 *
 * console.assert(random.keyData(2 ** 32 + 5).join() === "1,5");
 * ```
 */
export function keyData(seed: number): KeyData {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    const found = typeof seed === "number" ? seed : `${typeof seed} ${seed}`;
    throw new RangeError(`seed: expected an integer from 0 to 2^53 - 1, found ${found}`);
  }
  return [Math.floor(seed / 2 ** 32), seed >>> 0];
}

/** The `index`-th child of a key. */
export const splitKeyData = (key: KeyData, index: number): KeyData =>
  threefry(key, index, PURPOSE.split);

/** A key derived from another and an integer, such as an epoch or a step. */
export const foldKeyData = (key: KeyData, data: number): KeyData =>
  threefry(key, data >>> 0, PURPOSE.fold);

/** The `index`-th word of random bits of a key. */
export const bitsAt = (key: KeyData, index: number): number =>
  threefry(key, index, PURPOSE.bits)[0];

/** An integer in 0…n-1 from the `index`-th bits of a key, unbiased to one part in 2^32 / n. */
export const intAt = (key: KeyData, index: number, n: number): number =>
  Math.floor((bitsAt(key, index) / 2 ** 32) * n);

/** A random permutation of 0…n-1 (Fisher–Yates shuffle). */
export function permutation(n: number, key: KeyData): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = intAt(key, i, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
